import {
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { encodeName } from '../../engine/bytes.ts';
import { EngineError } from '../../engine/errors.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { parentPath } from '../../engine/layer/path.ts';
import type { FileTree, Node } from '../../engine/layer/tree.ts';
import { makeFolder } from '../../pantry/make-folder.ts';
import { errnoOf } from '../store/fs-errors.ts';
import { fileError } from './file-errors.ts';
import type { Pause } from './pause.ts';

/**
 * Writes a tree below a directory (made when it is missing), over what is there. Files belong to
 * who runs this; modes, times and hard links are the tree's.
 *
 * Nothing outside the directory is written: every directory on the way to a file was found to be a
 * real one, or made, by this call; a link in the place of one is replaced, never followed. Of what is there, files and links are replaced, a directory that is not empty never
 * is: `output-blocked`. Devices and pipes cannot be made from Node: `output-unsupported`, before anything is written.
 */
export async function writeTree(
  dir: string,
  shown: string,
  tree: FileTree,
  pause: Pause = () => undefined,
): Promise<void> {
  for (const { entry } of tree.walk()) checkWritable(entry);
  const root = await at(shown, 'mkdir', () => {
    makeFolder(dir);
    return Buffer.from(realpathSync(dir));
  });
  const written = new Map<number, Buffer>();
  const dirs = new Map<string, Entry>([['', ROOT]]);
  let count = 0;
  const temporary = (): Buffer => Buffer.concat([root, TEMPORARY, Buffer.from(String(count++))]);
  for (const node of tree.walk()) {
    const { entry } = node;
    const paused = pause();
    if (paused) await paused;
    if (!dirs.has(parentPath(entry.path))) throw escape(entry.path);
    await at(entry.path, 'write', () =>
      writeNode(node, absolute(root, entry.path), temporary(), written),
    );
    if (entry.type === 'dir') dirs.set(entry.path, entry);
    else dirs.delete(entry.path);
  }
  dirs.delete('');
  // Innermost first: a directory's time changes with what is put in it, and its mode may forbid that.
  for (const [path, entry] of [...dirs].reverse()) {
    await at(path, 'chmod', () => {
      finishDirectory(absolute(root, path), entry);
    });
  }
}

function absolute(root: Buffer, path: string): Buffer {
  return Buffer.concat([root, SLASH, encodeName(path)]);
}

const ROOT: Entry = { type: 'dir', path: '', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 };
const SLASH = Buffer.from('/');
const TEMPORARY = Buffer.from(`/.semdistro-${process.pid}-`);

/** Without leaving the thread, as in reading a context: a tree is many small files. */
async function writeNode(
  node: Node,
  target: Buffer,
  temporary: Buffer,
  written: Map<number, Buffer>,
): Promise<void> {
  const { entry, inode } = node;
  const old = lstatSync(target, { throwIfNoEntry: false });
  if (entry.type === 'dir') {
    if (old?.isDirectory()) return;
    if (old) unlinkSync(target);
    mkdirSync(target, 0o700);
    return;
  }
  if (old?.isDirectory()) removeEmpty(target, entry.path);
  const twin = written.get(inode);
  try {
    if (entry.type === 'symlink') {
      symlinkSync(Buffer.from(encodeName(entry.target ?? '')), temporary);
      lutimesSync(temporary, entry.mtime, entry.mtime);
    } else if (twin) {
      linkSync(twin, temporary);
    } else {
      await writeFile(temporary, entry);
    }
    // Renaming follows no link, neither the new one nor one that had the name.
    renameSync(temporary, target);
    if (entry.type === 'file') written.set(inode, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  // Renaming one name of a file to another of the same file does nothing at all.
  if (twin) rmSync(temporary, { force: true });
}

async function writeFile(path: Buffer, entry: Entry): Promise<void> {
  const fd = openSync(path, 'wx', 0o600);
  try {
    for await (const chunk of entry.content?.stream() ?? []) {
      for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at);
    }
    fchmodSync(fd, entry.mode);
    futimesSync(fd, entry.mtime, entry.mtime);
  } finally {
    closeSync(fd);
  }
}

function finishDirectory(target: Buffer, entry: Entry): void {
  let fd: number;
  try {
    // Where case does not count, a link of the tree may have taken the place of a directory of the tree.
    fd = openSync(target, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    if (['ENOTDIR', 'ELOOP', 'ENOENT'].includes(errnoOf(error) ?? '')) return;
    throw error;
  }
  try {
    fchmodSync(fd, entry.mode);
    futimesSync(fd, entry.mtime, entry.mtime);
  } finally {
    closeSync(fd);
  }
}

function checkWritable(entry: Entry): void {
  if (entry.type !== 'dir' && entry.type !== 'file' && entry.type !== 'symlink') {
    throw new EngineError(
      'output-unsupported',
      `cannot write ${entry.path}: a ${entry.type === 'fifo' ? 'named pipe' : 'device'} cannot be exported to a folder`,
      { hint: 'Use --output type=tar.' },
    );
  }
  for (const name of entry.path.split('/')) {
    const bad = name === '' || name === '.' || name === '..' || name.includes('\0');
    if (bad || (process.platform === 'win32' && /[\\:]/.test(name))) {
      throw escape(entry.path);
    }
  }
}

function escape(path: string): EngineError {
  return new EngineError(
    'path-escape',
    `invalid path ${JSON.stringify(path.slice(0, 200))}: is outside of the folder`,
  );
}

function removeEmpty(target: Buffer, shown: string): void {
  try {
    rmdirSync(target);
  } catch (error) {
    if (errnoOf(error) !== 'ENOTEMPTY' && errnoOf(error) !== 'EEXIST') throw error;
    throw new EngineError(
      'output-blocked',
      `cannot write ${shown}: a directory that is not empty is in its place`,
      { hint: 'Remove the directory, or write to an empty one.', cause: error },
    );
  }
}

async function at<T>(path: string, action: string, run: () => Promise<T> | T): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw fileError(error, action, path);
  }
}
