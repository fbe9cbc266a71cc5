import type { ProcessStartError } from './start-error.ts';

/** Why a process did not start, in the words that runc has for it. */
export interface StartWords {
  /**
   * `runtime`: the container never began, and the words belong behind `unable to start container
   * process: `. `kernel`: it began and could not become the program; they are its output.
   */
  readonly by: 'runtime' | 'kernel';
  readonly text: string;
}

/** Of the program `argv[0]` and the folder `cwd`. runc 1.1 takes a directory for a program it may not run. */
export function startWords(
  { failure, subject, message }: ProcessStartError,
  { program, cwd }: { readonly program: string; readonly cwd: string },
): StartWords {
  const named = JSON.stringify(program);
  const runtime = (text: string): StartWords => ({ by: 'runtime', text });
  switch (failure) {
    case 'not-found':
      return program.includes('/')
        ? runtime(`exec: ${named}: stat ${program}: no such file or directory`)
        : runtime(`exec: ${named}: executable file not found in $PATH`);
    case 'permission-denied':
    case 'is-directory':
      return runtime(`exec: ${named}: permission denied`);
    case 'loader-missing':
      return { by: 'kernel', text: `exec ${program}: no such file or directory` };
    case 'exec-format':
      return { by: 'kernel', text: `exec ${program}: exec format error` };
    case 'cwd': {
      const why = /permission/i.test(message)
        ? `chdir to cwd (${JSON.stringify(cwd)}) set in config.json failed: permission denied`
        : `error during container init: mkdir ${cwd}: not a directory`;
      return runtime(why);
    }
    case 'mount':
      return runtime(
        `error during container init: error mounting ${JSON.stringify(subject)}: ${message}`,
      );
    case 'other':
      return runtime(message);
  }
}
