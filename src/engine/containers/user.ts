import { collect } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import type { FileTree } from '../layer/tree.ts';

/** Who a process runs as, in numbers, as the port of processes wants it. */
export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  /** All of them, `gid` first. */
  readonly groups: readonly number[];
  /** From the passwd file, else `/`: what HOME is where the environment has none. */
  readonly home: string;
}

interface PasswdLine {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

interface GroupLine {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const LARGEST_FILE = 4 * 1024 * 1024;
const HIGHEST_ID = 0x7fff_ffff;

/**
 * The user that USER and `--user` name (`''` is root): `name`, `uid`, either with `:group` or `:gid`.
 * Names mean what /etc/passwd and /etc/group of `tree` say, a number without a line in them is
 * itself with group 0, and a user without a group gets the supplementary ones it is a member of.
 * `groupAdd` are names or numbers (`--group-add`). Errors, in Docker's words: `user-unknown`, `group-unknown`.
 */
export async function resolveUser(
  tree: FileTree,
  spec: string,
  groupAdd: readonly string[] = [],
): Promise<ContainerUser> {
  const [, userPart = '', groupPart = ''] = /^([^:]*):?([^:]*)/.exec(spec) ?? [];
  const users = parsePasswd(await textOf(tree, 'etc/passwd'));
  const groups = parseGroup(await textOf(tree, 'etc/group'));
  const number = asNumber(userPart === '' ? '0' : userPart);
  const line = users.find(({ uid, name }) =>
    number === undefined ? name === userPart : uid === number,
  );
  if (!line && number === undefined) {
    throw new EngineError(
      'user-unknown',
      `unable to find user ${userPart}: no matching entries in passwd file`,
      {
        hint: 'Add the user to the image (or copy /etc/passwd with it from a builder), or give its number.',
        exitCode: 125,
      },
    );
  }
  const user = line ?? { name: '', uid: inRange(number ?? 0), gid: 0, home: '/' };
  const chosen = groupPart === '' ? undefined : groupId(groupPart, groups);
  const member =
    line && chosen === undefined
      ? groups.filter(({ members }) => members.includes(line.name)).map(({ gid }) => gid)
      : [];
  const gid = chosen ?? user.gid;
  const added = groupAdd.map((group) => groupId(group, groups, 'Unable'));
  return { uid: user.uid, gid, groups: [...new Set([gid, ...member, ...added])], home: user.home };
}

/** Docker's daemon looks up added groups in another place than the runtime's, and says so with a capital. */
function groupId(group: string, groups: readonly GroupLine[], unable = 'unable'): number {
  const number = asNumber(group);
  const line = groups.find(({ name, gid }) =>
    number === undefined ? name === group : gid === number,
  );
  if (line) return line.gid;
  if (number !== undefined) return inRange(number);
  throw new EngineError(
    'group-unknown',
    `${unable} to find group ${group}: no matching entries in group file`,
    { hint: 'Add the group to /etc/group of the image, or give its number.', exitCode: 125 },
  );
}

function inRange(id: number): number {
  if (id >= 0 && id <= HIGHEST_ID) return id;
  throw new EngineError('user-unknown', `uids and gids must be in range 0-${HIGHEST_ID}`, {
    exitCode: 125,
  });
}

/** As Go's Atoi: an optional sign and digits. */
function asNumber(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

async function textOf(tree: FileTree, path: string): Promise<string> {
  const at = tree.resolve(path);
  const entry = at === undefined ? undefined : tree.get(at)?.entry;
  if (entry?.type !== 'file' || !entry.content) return '';
  return new TextDecoder().decode(await collect(entry.content.stream(), LARGEST_FILE));
}

/** A field that is no number counts as 0, and one that is missing as empty, as in Docker. */
function parsePasswd(text: string): readonly PasswdLine[] {
  return fieldsOf(text).map(([name = '', , uid = '', gid = '', , home = '']) => ({
    ...{ name, uid: asNumber(uid) ?? 0, gid: asNumber(gid) ?? 0 },
    home: home === '' ? '/' : home,
  }));
}

function parseGroup(text: string): readonly GroupLine[] {
  return fieldsOf(text).map(([name = '', , gid = '', members = '']) => ({
    ...{ name, gid: asNumber(gid) ?? 0 },
    members: members.split(',').filter((member) => member !== ''),
  }));
}

function fieldsOf(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(':'));
}
