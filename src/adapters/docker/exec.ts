import type { Container as Handle } from 'dockerode';
import { EngineTrouble, type ExecResult } from '../../verify/engine.ts';
import type { Connection } from './connect.ts';
import { postStream } from './post-stream.ts';
import { readStreams } from './streams.ts';
import { apiError, troubleFrom } from './trouble.ts';
import { both } from './words.ts';

/** Longer than anything a check asks a container. */
const PATIENCE = 120_000;
/** What comes instead of output when there is no program, with 126 or 127 as its code. */
const NOT_STARTED =
  /OCI runtime (?:exec failed|attempted)|unable to start container process|crun:|unable to find user|no matching entries/;

/** Runs a program in a running container. Errors: EngineTrouble, `timeout` after two minutes. */
export async function executeIn(
  connection: Connection,
  handle: Handle,
  command: readonly string[],
  { user }: { readonly user?: string },
): Promise<ExecResult> {
  try {
    const exec = await handle.exec({
      Cmd: [...command],
      AttachStdout: true,
      AttachStderr: true,
      ...(user !== undefined && { User: user }),
    });
    const late = AbortSignal.timeout(PATIENCE);
    const body = { Detach: false, Tty: false };
    const stream = await postStream(connection, `/exec/${exec.id}/start`, {
      ...{ query: {}, signal: late, json: body },
    });
    const output = readStreams(stream);
    await output.ended;
    if (late.aborted) throw tooLong(command);
    const { ExitCode } = await exec.inspect();
    const { stdout, stderr } = output.printed();
    const failed = ExitCode === null || ExitCode === 126 || ExitCode === 127;
    if (failed && NOT_STARTED.test(stdout + stderr)) {
      return { code: undefined, stdout: '', stderr: `${stdout}${stderr}`.trim() };
    }
    return { code: ExitCode ?? undefined, stdout, stderr };
  } catch (error) {
    const { status, message } = apiError(error);
    if (status === undefined || !NOT_STARTED.test(message)) throw troubleFrom(error);
    return { code: undefined, stdout: '', stderr: message };
  }
}

function tooLong([program = '']: readonly string[]): EngineTrouble {
  return new EngineTrouble(
    'timeout',
    both(
      `\`${program}\`, no contêiner, não terminou em dois minutos.`,
      `\`${program}\` in the container did not end within two minutes.`,
    ),
  );
}
