import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { EngineError } from '../../engine/errors.ts';
import { errnoOf } from '../store/fs-errors.ts';

/** What `semdistro sh` was asked for. */
export interface ShellRequest {
  /** Absolute. */
  readonly directory: string;
  readonly script:
    | { readonly kind: 'none' }
    /** `-c`. */
    | { readonly kind: 'text'; readonly text: string }
    | {
        readonly kind: 'file';
        readonly name: string;
        readonly content: Uint8Array;
        /** Its path in the directory, when it is there: what `$0` then is. */
        readonly inside: string | undefined;
      };
  /** After the script: its own. */
  readonly rest: readonly string[];
}

/** Exit code of a command line that could not be understood. */
const MISUSED = 2;

/** Parses the words after `sh`. 'help' when that was asked for. Throws EngineError for wrong input. */
export function parseShellArguments(args: readonly string[], cwd: string): ShellRequest | 'help' {
  let directory = '.';
  let text: string | undefined;
  const words = [...args];
  for (let word = words[0]; word?.startsWith('-') === true && word !== '-'; word = words[0]) {
    words.shift();
    if (word === '--') break;
    if (word === '-h' || word === '--help') return 'help';
    const [name, value] = splitAtEquals(word);
    if (name !== '--dir' && name !== '-c') {
      throw wrong(`unknown option: ${word}`);
    }
    const given = value ?? words.shift();
    if (given === undefined)
      throw wrong(`${name} needs ${name === '-c' ? 'a script' : 'a folder'}`);
    if (name === '-c') {
      text = given;
      // Like bash, and like every shell: what follows is the script's.
      break;
    }
    directory = given;
  }
  const absolute = folderAt(cwd, directory);
  if (text !== undefined) {
    return { directory: absolute, script: { kind: 'text', text }, rest: words };
  }
  const [name, ...rest] = words;
  if (name === undefined) return { directory: absolute, script: { kind: 'none' }, rest };
  const path = resolve(cwd, name);
  const content = scriptAt(path, name);
  const script = {
    kind: 'file',
    name,
    content,
    inside: insideOf(realpathSync(absolute), realpathSync(path)),
  } as const;
  return { directory: absolute, script, rest };
}

function splitAtEquals(word: string): readonly [string, string?] {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
}

function folderAt(cwd: string, directory: string): string {
  const path = resolve(cwd, directory);
  try {
    if (statSync(path).isDirectory()) return path;
  } catch (error) {
    throw unusable(`--dir ${directory}`, error);
  }
  throw new EngineError('not-a-directory', `--dir ${directory}: not a directory`, {
    exitCode: MISUSED,
  });
}

function insideOf(directory: string, path: string): string | undefined {
  const way = relative(directory, path);
  return isAbsolute(way) || way.split(sep)[0] === '..' ? undefined : way.replaceAll(sep, '/');
}

function scriptAt(path: string, shown: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    // As bash: what is not there is not found, what is there cannot be run.
    throw unusable(shown, error, errnoOf(error) === 'ENOENT' ? 127 : 126);
  }
}

function unusable(what: string, error: unknown, exitCode = MISUSED): EngineError {
  const errno = errnoOf(error);
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'no such file or directory',
    ENOTDIR: 'not a directory',
    EISDIR: 'is a directory',
    EACCES: 'permission denied',
  };
  return new EngineError('bad-argument', `${what}: ${words[errno ?? ''] ?? String(error)}`, {
    exitCode,
  });
}

function wrong(why: string): EngineError {
  return new EngineError('bad-argument', why, {
    hint: 'See `semdistro sh --help`.',
    exitCode: MISUSED,
  });
}
