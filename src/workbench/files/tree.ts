import { contentCache } from '../../machine/files/content-cache.ts';
import { type CowTree, writableTree } from '../../machine/files/cow-tree.ts';
import { FileError } from '../../machine/files/errno.ts';
import type { Later } from '../../machine/files/later.ts';
import { type FileNode, FORMAT, PERMISSIONS, type Time } from '../../machine/files/node.ts';
import { space } from '../../machine/files/space.ts';
import { emptyTree } from '../../engine/layer/file-tree.ts';
import type { KeptFile } from './kept.ts';

/** Bytes that the files of a workspace may have: a guest that fills it gets ENOSPC. */
export const CAPACITY = 256 * 1024 * 1024;

/** An empty tree in memory, that a guest can have mounted. */
export function memoryTree(capacity: number = CAPACITY): CowTree {
  return writableTree(emptyTree, [], { cache: contentCache(), space: space(capacity) });
}

/** A result of a tree in memory, which is there at once: nothing can happen in between. */
export function now<T>(later: Later<T>): T {
  if (later instanceof Promise) throw new Error('a file of the workspace is not in memory');
  return later;
}

/** The file of exactly this path; '' is the root. */
export function find(root: FileNode, path: string): FileNode | undefined {
  let node: FileNode | undefined = root;
  for (const name of path === '' ? [] : path.split('/')) {
    if (node?.format !== FORMAT.directory) return undefined;
    node = now(node.lookup(name));
  }
  return node;
}

/** All below a directory, parents before what is in them, names sorted. */
export function* walk(
  root: FileNode,
  below = '',
): Generator<{ readonly path: string; readonly node: FileNode }> {
  const names = now(root.list()).map(({ name }) => name);
  for (const name of names.sort()) {
    const node = now(root.lookup(name));
    if (!node) continue;
    const path = below === '' ? name : `${below}/${name}`;
    yield { path, node };
    if (node.format === FORMAT.directory) yield* walk(node, path);
  }
}

export function bytesOf(node: FileNode): Uint8Array {
  const file = now(node.open({ write: false, truncate: false }));
  const bytes = new Uint8Array(now(node.attributes()).size);
  now(file.read(0, bytes));
  void file.close();
  return bytes;
}

/** As it is kept; undefined for what is not. */
export function keptOf(node: FileNode): KeptFile | undefined {
  const { mode, mtime } = now(node.attributes());
  const permissions = mode & PERMISSIONS;
  switch (node.format) {
    case FORMAT.directory:
      return { kind: 'dir', mode: permissions };
    case FORMAT.symlink:
      return { kind: 'symlink', target: now(node.readLink()) };
    case FORMAT.file:
      return { kind: 'file', bytes: bytesOf(node), mode: permissions, mtime: secondsOf(mtime) };
    default:
      return undefined;
  }
}

const secondsOf = ({ seconds, nanoseconds }: Time): number => seconds + nanoseconds / 1e9;

/** Puts a file where nothing is, whose directory is there. */
export function put(directory: FileNode, name: string, file: KeptFile): void {
  const owner = { uid: 0, gid: 0 };
  if (file.kind === 'symlink') {
    const { target } = file;
    now(directory.create(name, { format: FORMAT.symlink, mode: 0o777, ...owner, target }));
    return;
  }
  const { mode } = file;
  if (file.kind === 'dir') {
    now(directory.create(name, { format: FORMAT.directory, mode, ...owner }));
    return;
  }
  const node = now(directory.create(name, { format: FORMAT.file, mode, ...owner }));
  overwrite(node, file.bytes);
  const seconds = Math.floor(file.mtime);
  const nanoseconds = Math.floor((file.mtime - seconds) * 1e9);
  now(node.change({ mtime: { seconds, nanoseconds } }));
}

/** Its content is this now; who has it open sees that. Throws FileError ENOSPC, with what was there before. */
export function overwrite(node: FileNode, bytes: Uint8Array): void {
  const before = bytesOf(node);
  const file = now(node.open({ write: true, truncate: true }));
  try {
    now(file.write(0, bytes));
  } catch (error) {
    now(node.change({ size: 0 }));
    now(file.write(0, before));
    throw error;
  } finally {
    void file.close();
  }
}

/** Removes an entry with all that is in it. */
export function removeAll(directory: FileNode, name: string): void {
  const node = now(directory.lookup(name));
  if (!node) throw new FileError('ENOENT', name);
  const isDirectory = node.format === FORMAT.directory;
  if (isDirectory) for (const inside of now(node.list())) removeAll(node, inside.name);
  now(directory.unlink(name, isDirectory));
}
