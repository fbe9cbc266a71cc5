import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { BuildContext } from '../../engine/build/context.ts';
import { decodeName, encodeName } from '../../engine/bytes.ts';
import { EngineError } from '../../engine/errors.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { emptyTree } from '../../engine/layer/file-tree.ts';
import { joinPath } from '../../engine/layer/path.ts';
import { errnoOf } from '../store/fs-errors.ts';
import { fileContent } from './file-content.ts';
import { fileError } from './file-errors.ts';
import type { Pause } from './pause.ts';

/** What a build may ask about a name before it is read: false leaves it out, a directory with all that is in it. */
export type Wants = (path: string, isDir: boolean) => boolean;

/**
 * A directory as a build context: looked at now, contents read when needed. Links stay links, and
 * none is followed but one that names the directory itself. Sockets are left out.
 * Errors, worded as Docker's: `context-missing`, `context-not-dir`, `permission-denied`.
 */
export async function readContext(
  dir: string,
  shown: string,
  wants: Wants,
  pause: Pause = () => undefined,
): Promise<BuildContext> {
  const root = await contextRoot(dir, shown);
  const entries: Entry[] = [];
  for (const entry of entriesBelow(
    { root: Buffer.from(root), wants, pause, linked: new Map() },
    '',
  )) {
    entries.push(entry);
    const paused = pause();
    if (paused) await paused;
  }
  return { tree: emptyTree.apply(entries) };
}

async function contextRoot(dir: string, shown: string): Promise<string> {
  try {
    if ((await stat(dir)).isDirectory()) return await realpath(dir);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') {
      throw new EngineError(
        'context-missing',
        `unable to prepare context: path ${JSON.stringify(shown)} not found`,
        { hint: 'The last argument of `docker build` is the folder with your files, often ".".' },
      );
    }
    throw fileError(error, 'unable to prepare context: stat', shown);
  }
  throw new EngineError(
    'context-not-dir',
    `unable to prepare context: context must be a directory: ${shown}`,
    { hint: 'Name the folder; a Dockerfile of another name goes to `-f`.' },
  );
}

interface Walk {
  readonly root: Buffer;
  readonly wants: Wants;
  readonly pause: Pause;
  /** The first name of each file with several, by device and inode. */
  readonly linked: Map<string, string>;
}

/** Without leaving the thread: for many small questions to the file system that is several times as fast. */
function* entriesBelow(walk: Walk, dir: string): Generator<Entry> {
  const { root, wants, linked } = walk;
  for (const name of namesIn(root, dir)) {
    const path = joinPath(dir, name);
    const found = statOf(root, path);
    if (!found || !wants(path, found.isDirectory())) continue;
    const entry = entryOf(walk, path, found);
    if (!entry) continue;
    yield asLink(entry, found, linked) ?? entry;
    if (entry.type === 'dir') yield* entriesBelow(walk, path);
  }
}

function namesIn(root: Buffer, dir: string): readonly string[] {
  try {
    return readdirSync(absolute(root, dir), { encoding: 'buffer' }).map(decodeName);
  } catch (error) {
    throw fileError(error, 'open', dir === '' ? '.' : dir);
  }
}

function statOf(root: Buffer, path: string): Stats | undefined {
  try {
    // Undefined for what was removed since it was listed.
    return lstatSync(absolute(root, path), { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, 'lstat', path);
  }
}

function entryOf({ root, pause }: Walk, path: string, found: Stats): Entry | undefined {
  const common = {
    path,
    mode: found.mode & 0o7777,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: found.mtimeMs / 1000,
  };
  if (found.isDirectory()) return { ...common, type: 'dir' };
  if (found.isFile()) {
    const content = fileContent({ path: absolute(root, path), shown: path, stat: found, pause });
    return { ...common, type: 'file', size: found.size, content };
  }
  if (found.isSymbolicLink()) {
    return { ...common, mode: 0o777, type: 'symlink', target: targetOf(root, path) };
  }
  if (found.isFIFO()) return { ...common, type: 'fifo' };
  if (found.isCharacterDevice()) return { ...common, type: 'char', device: deviceOf(found.rdev) };
  if (found.isBlockDevice()) return { ...common, type: 'block', device: deviceOf(found.rdev) };
  return undefined;
}

/** A file with several names is one file: COPY keeps it so. `linked` has the first name by device and inode. */
function asLink(entry: Entry, found: Stats, linked: Map<string, string>): Entry | undefined {
  if (entry.type !== 'file' || found.nlink < 2) return undefined;
  const key = `${found.dev} ${found.ino}`;
  const target = linked.get(key);
  if (target === undefined) linked.set(key, entry.path);
  if (target === undefined) return undefined;
  const { path, mode, uid, gid, mtime } = entry;
  return { type: 'hardlink', path, mode, uid, gid, mtime, size: 0, target };
}

function targetOf(root: Buffer, path: string): string {
  try {
    return decodeName(readlinkSync(absolute(root, path), { encoding: 'buffer' }));
  } catch (error) {
    throw fileError(error, 'readlink', path);
  }
}

/** As Linux packs both numbers into one. */
function deviceOf(rdev: number): { readonly major: number; readonly minor: number } {
  return { major: (rdev >>> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >>> 12) & 0xfff00) };
}

/** Names are bytes, which need not be text: so are paths. */
function absolute(root: Buffer, path: string): Buffer {
  return path === '' ? root : Buffer.concat([root, SLASH, encodeName(path)]);
}

const SLASH = Buffer.from('/');
