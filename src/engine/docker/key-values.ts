import { collect } from '../bytes.ts';
import type { Flags } from './command.ts';
import type { Session } from './session.ts';
import { usageError } from './usage-error.ts';

const LARGEST_FILE = 16 * 1024 * 1024;

/** `--env-file`, then `--env`, as pairs; a name alone takes the value that the command itself has. */
export async function readEnv(session: Session, flags: Flags): Promise<readonly string[]> {
  const pairs: string[] = [];
  for (const path of flags.list('env-file')) {
    for (const line of await lines(session, path)) {
      const [, name = '', rest] = /^([^=]*)(=.*)?$/s.exec(line) ?? [];
      checkName(name.trimStart(), line);
      const own = session.env[name];
      if (rest !== undefined) pairs.push(line.trimStart());
      else if (own !== undefined) pairs.push(`${name}=${own}`);
    }
  }
  for (const given of flags.list('env')) {
    const own = given.includes('=') ? undefined : session.env[given];
    pairs.push(own === undefined ? given : `${given}=${own}`);
  }
  return pairs;
}

/** `--label-file`, then `--label`. */
export async function readLabels(
  session: Session,
  flags: Flags,
): Promise<Readonly<Record<string, string>>> {
  const all: string[] = [];
  for (const path of flags.list('label-file')) {
    for (const line of await lines(session, path)) {
      checkName((line.split('=')[0] ?? '').trimStart(), line);
      all.push(line.trimStart());
    }
  }
  all.push(...flags.list('label'));
  return Object.fromEntries(
    all.map((text) => {
      const [name = '', ...value] = text.split('=');
      return [name, value.join('=')];
    }),
  );
}

/** Docker calls labels an environment too. */
function checkName(name: string, line: string): void {
  if (/\s/.test(name)) {
    throw usageError(`poorly formatted environment: variable '${name}' contains whitespaces`, 125);
  }
  if (name === '') {
    throw usageError(`poorly formatted environment: no variable name on line '${line}'`, 125);
  }
}

/** Lines that say something, of a file the command's user has. */
async function lines(session: Session, path: string): Promise<readonly string[]> {
  const file = await session.files.open(path);
  if (!file) throw usageError(`open ${path}: no such file or directory`, 125);
  const text = new TextDecoder().decode(await collect(file.stream(), LARGEST_FILE));
  return text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
}
