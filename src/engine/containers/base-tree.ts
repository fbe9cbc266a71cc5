import type { Engine } from '../engine.ts';
import { openDocuments } from '../images/open.ts';
import { contentOf } from '../layer/content.ts';
import type { Entry, EntryType } from '../layer/entry.ts';
import type { FileTree } from '../layer/tree.ts';
import type { ContainerRecord } from './record.ts';

/**
 * What Docker puts between an image and what a container writes, where the image has nothing there:
 * things that are mounted over in every container. They are in no `diff` and in no `commit`.
 */
const INIT_LAYER: readonly (readonly [path: string, type: EntryType, target?: string])[] = [
  ['.dockerenv', 'file'],
  ['dev', 'dir'],
  ['dev/console', 'file'],
  ['dev/pts', 'dir'],
  ['dev/shm', 'dir'],
  ['etc', 'dir'],
  ['etc/hostname', 'file'],
  ['etc/hosts', 'file'],
  ['etc/mtab', 'symlink', '/proc/mounts'],
  ['etc/resolv.conf', 'file'],
  ['proc', 'dir'],
  ['sys', 'dir'],
];

const bases = new WeakMap<FileTree, FileTree>();

/**
 * What is under everything a container writes, the same object for containers of one image: the
 * `lower` of its root. Errors: `blob-missing`, those of opening layers.
 */
export async function baseTree(
  engine: Engine,
  { image, manifest }: Pick<ContainerRecord, 'image' | 'manifest'>,
): Promise<FileTree> {
  const tree = await (await openDocuments(engine, { id: image, manifest })).tree();
  const base = bases.get(tree) ?? tree.apply(initLayer(tree));
  bases.set(tree, base);
  return base;
}

function initLayer(tree: FileTree): readonly Entry[] {
  return INIT_LAYER.filter(([path]) => !tree.get(path)).map(([path, type, target]) => ({
    type,
    path,
    mode: type === 'symlink' ? 0o777 : 0o755,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: tree.get('')?.entry.mtime ?? 0,
    ...(target !== undefined && { target }),
    ...(type === 'file' && { content: EMPTY }),
  }));
}

const EMPTY = contentOf(new Uint8Array(0));
