import { EngineError } from '../../engine/errors.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { baseName, parentPath } from '../../engine/layer/path.ts';
import type { Node } from '../../engine/layer/tree.ts';
import { formatOf } from './entry-format.ts';
import { FileData } from './file-data.ts';
import { FORMAT, PERMISSIONS } from './node.ts';
import { entryTime, timeOfEntry } from './times.ts';
import { TreeNode } from './tree-node.ts';

/**
 * Puts the entries of a layer on a tree, with the meaning they have for `FileTree.apply`: what is
 * removed goes first, a directory that meets a directory changes its metadata, anything else
 * replaces what was there, and parents that are missing, or no directories, are made.
 * Errors: EngineError `layer-invalid` (a hard link to nothing or to a directory).
 */
export function applyEntries(
  root: TreeNode,
  entries: Iterable<Entry>,
  /** Whether directories that get or lose an entry show that by their time, unless they are entries too. */
  options: { readonly touch: boolean },
): void {
  const all = [...entries];
  const touched = options.touch ? changedParents(root, all) : [];
  for (const { type, path } of all) {
    if (type === 'whiteout') findDirectory(root, parentPath(path))?.discard(baseName(path));
    else if (type === 'opaque') empty(root, path);
  }
  const puts = all.filter(({ type }) => type !== 'whiteout' && type !== 'opaque');
  for (const path of touched) findDirectory(root, path)?.touch();
  for (const entry of puts) put(root, entry);
  root.context.touched();
}

/** Directories that get or lose an entry by this; one that meets a directory is none. */
function changedParents(root: TreeNode, entries: readonly Entry[]): ReadonlySet<string> {
  const parents = new Set<string>();
  for (const { type, path } of entries) {
    if (type === 'opaque') parents.add(path);
    else if (type !== 'dir' || !findDirectory(root, path)) parents.add(parentPath(path));
  }
  return parents;
}

function findDirectory(root: TreeNode, path: string): TreeNode | undefined {
  const found = find(root, path);
  return found?.format === FORMAT.directory ? found : undefined;
}

function find(root: TreeNode, path: string): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const name of path === '' ? [] : path.split('/')) {
    if (node?.format !== FORMAT.directory) return undefined;
    node = node.lookup(name);
  }
  return node;
}

/** A directory like this one that has nothing to do with the one below. */
function empty(root: TreeNode, path: string): void {
  const old = findDirectory(root, path);
  if (!old) return;
  if (old === root) {
    for (const name of [...old.children().keys()]) old.discard(name);
    return;
  }
  const { mode, uid, gid, attached } = old;
  const entry: Entry = { type: 'dir', path, mode, uid, gid, size: 0, mtime: entryTime(old.mtime) };
  const xattrs = attached && Object.fromEntries(attached);
  const parent = findDirectory(root, parentPath(path));
  parent?.adopt(baseName(path), nodeOf(parent, { ...entry, ...(xattrs && { xattrs }) }));
}

function put(root: TreeNode, entry: Entry): void {
  if (entry.path === '') {
    if (entry.type === 'dir') describe(root, entry);
    return;
  }
  const parent = makeParents(root, parentPath(entry.path));
  const name = baseName(entry.path);
  const old = parent.lookup(name);
  if (entry.type === 'dir' && old?.format === FORMAT.directory) {
    describe(old, entry);
    return;
  }
  if (entry.type === 'hardlink') {
    const target = find(root, entry.target ?? '');
    if (!target) throw invalid(entry, `hard link to missing ${JSON.stringify(entry.target)}`);
    if (target.format === FORMAT.directory) throw invalid(entry, 'hard link to a directory');
    if (target === old) return;
    target.links += 1;
    parent.adopt(name, target);
    return;
  }
  // The same file in another state, as long as what is below is what was there.
  const origin = entry.type === 'file' && old?.data ? old.origin : undefined;
  const same = origin && root.context.lower.get(entry.path)?.inode === origin.inode;
  parent.adopt(name, nodeOf(parent, entry, same ? origin : undefined));
}

function makeParents(root: TreeNode, path: string): TreeNode {
  let directory = root;
  for (const name of path === '' ? [] : path.split('/')) {
    const child = directory.lookup(name);
    if (child?.format === FORMAT.directory) {
      directory = child;
      continue;
    }
    const made = nodeOf(directory, {
      type: 'dir',
      path,
      mode: 0o755,
      uid: 0,
      gid: 0,
      size: 0,
      mtime: 0,
    });
    directory.adopt(name, made);
    directory = made;
  }
  return directory;
}

function nodeOf({ context }: TreeNode, entry: Entry, origin?: Node): TreeNode {
  const { type, mode, uid, gid, target, device, xattrs } = entry;
  const data =
    type === 'file' ? new FileData(context, { base: entry.content, path: entry.path }) : undefined;
  const time = timeOfEntry(entry.mtime);
  const node = new TreeNode(context, {
    ...{ format: formatOf(entry), mode: mode & PERMISSIONS, uid, gid, time, links: 1 },
    ...{ target, device, xattrs, data, ...(origin && { origin }) },
  });
  if (type === 'dir') node.startEmpty();
  return node;
}

function describe(node: TreeNode, entry: Entry): void {
  node.mode = node.format | (entry.mode & PERMISSIONS);
  node.uid = entry.uid;
  node.gid = entry.gid;
  node.mtime = timeOfEntry(entry.mtime);
  node.ctime = node.context.now();
  node.listed = true;
  node.attached = entry.xattrs && new Map(Object.entries(entry.xattrs));
}

function invalid(entry: Entry, why: string): EngineError {
  return new EngineError('layer-invalid', `invalid layer: ${JSON.stringify(entry.path)}: ${why}`);
}
