import { collect } from '../bytes.ts';
import type { Entry } from '../layer/entry.ts';
import { type Lookup, followIn } from './follow.ts';
import type { Owner } from './upper.ts';

const LARGEST_FILE = 4 * 1024 * 1024;

export interface ResolvedOwner {
  readonly owner: Owner;
  /** Names nobody has. Docker takes them for root without a word; a build should say it. */
  readonly unknown: readonly string[];
}

/**
 * The owner `--chown` and USER mean: `name`, `name:group`, `1000`, `1000:1000`, `:50`. Names come
 * from the tree's own /etc/passwd and /etc/group. A number without group owns the group of the same
 * number; a name without group, the group its passwd line gives. An unknown user is 0:0, an unknown
 * group is that of the user, as in Docker.
 */
export async function resolveOwner(spec: string, get: Lookup): Promise<ResolvedOwner> {
  const [, user = '', group = ''] = /^([^:]*):?([^]*)$/.exec(spec) ?? [];
  const unknown: string[] = [];
  const owner = { uid: 0, gid: 0, ...(await resolveUser(user, get, unknown)) };
  const gid = group === '' ? undefined : await resolveGroup(group, get, unknown);
  return { owner: gid === undefined ? owner : { ...owner, gid }, unknown };
}

async function resolveUser(
  user: string,
  get: Lookup,
  unknown: string[],
): Promise<Owner | undefined> {
  if (user === '') return undefined;
  const number = asId(user);
  if (number !== undefined) return { uid: number, gid: number };
  const fields = (await readLines('etc/passwd', get)).find(([name]) => name === user);
  const uid = asId(fields?.[2] ?? '');
  const gid = asId(fields?.[3] ?? '');
  if (uid !== undefined && gid !== undefined) return { uid, gid };
  unknown.push(`user ${user}`);
  return undefined;
}

async function resolveGroup(
  group: string,
  get: Lookup,
  unknown: string[],
): Promise<number | undefined> {
  const number = asId(group);
  if (number !== undefined) return number;
  const fields = (await readLines('etc/group', get)).find(([name]) => name === group);
  const gid = asId(fields?.[2] ?? '');
  if (gid === undefined) unknown.push(`group ${group}`);
  return gid;
}

/** What the build says of names nobody has, or nothing. */
export function unknownNote({ unknown, owner }: ResolvedOwner): string | undefined {
  if (unknown.length === 0) return undefined;
  const names = unknown.join(' and no ');
  return `note: the image has no ${names}; the owner is ${owner.uid}:${owner.gid}\n`;
}

function asId(text: string): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  // The last one means "leave it as it is" to Linux.
  return id < 0xffff_ffff ? id : undefined;
}

async function readLines(path: string, get: Lookup): Promise<readonly (readonly string[])[]> {
  const { entry } = followIn(get, path);
  if (entry?.type !== 'file') return [];
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
