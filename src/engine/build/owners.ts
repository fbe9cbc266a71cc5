import { collect } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import type { Entry } from '../layer/entry.ts';
import { type Lookup, followIn } from './follow.ts';
import type { Owner } from './upper.ts';

const LARGEST_FILE = 4 * 1024 * 1024;

/**
 * The owner `--chown` and USER mean: `name`, `name:group`, `1000`, `1000:1000`. Names come from the
 * tree's own /etc/passwd and /etc/group. A number without group owns the group of the same number;
 * a name without group, the group its passwd line gives. Throws EngineError `user-unknown`, `group-unknown`.
 */
export async function resolveOwner(spec: string, get: Lookup): Promise<Owner> {
  const [user = '', group] = spec.split(':', 2);
  if (spec.split(':').length > 2 || user === '') {
    throw new EngineError('user-invalid', `invalid user specification ${JSON.stringify(spec)}`, {
      hint: 'Write user, user:group, uid or uid:gid.',
    });
  }
  const owner = await resolveUser(user, get);
  if (group === undefined || group === '') return owner;
  return { uid: owner.uid, gid: await resolveGroup(group, get) };
}

async function resolveUser(user: string, get: Lookup): Promise<Owner> {
  const number = asId(user);
  if (number !== undefined) return { uid: number, gid: number };
  const lines = await readLines('etc/passwd', get);
  if (!lines) throw noAccounts('user', user, '/etc/passwd');
  const fields = lines.find(([name]) => name === user);
  const uid = asId(fields?.[2] ?? '');
  const gid = asId(fields?.[3] ?? '');
  if (uid !== undefined && gid !== undefined) return { uid, gid };
  throw new EngineError(
    'user-unknown',
    `unable to find user ${user}: no matching entries in passwd file`,
    { hint: 'Give the number, or an image that has the user.' },
  );
}

async function resolveGroup(group: string, get: Lookup): Promise<number> {
  const number = asId(group);
  if (number !== undefined) return number;
  const lines = await readLines('etc/group', get);
  if (!lines) throw noAccounts('group', group, '/etc/group');
  const gid = asId(lines.find(([name]) => name === group)?.[2] ?? '');
  if (gid !== undefined) return gid;
  throw new EngineError(
    'group-unknown',
    `unable to find group ${group}: no matching entries in group file`,
    { hint: 'Give the number, or an image that has the group.' },
  );
}

function noAccounts(what: 'user' | 'group', name: string, file: string): EngineError {
  return new EngineError(
    `${what}-unknown`,
    `unable to find ${what} ${name}: the image has no ${file}`,
    { hint: `Give the number instead of a name: without ${file} no name means anything.` },
  );
}

function asId(text: string): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id <= 0xffff_ffff ? id : undefined;
}

async function readLines(
  path: string,
  get: Lookup,
): Promise<readonly (readonly string[])[] | undefined> {
  const { entry } = followIn(get, path);
  if (entry?.type !== 'file') return undefined;
  const text = new TextDecoder().decode(await readWhole(entry));
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
}

async function readWhole(entry: Entry): Promise<Uint8Array> {
  if (!entry.content) return new Uint8Array(0);
  return collect(entry.content.stream(), LARGEST_FILE);
}
