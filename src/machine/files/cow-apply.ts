import { EngineError } from '../../engine/errors.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { baseName, parentPath } from '../../engine/layer/path.ts';
import { FileData } from './file-data.ts';
import { FORMAT, PERMISSIONS } from './node.ts';
import { timeOfEntry } from './tree-context.ts';
import { formatOf, TreeNode } from './tree-node.ts';

/**
 * Puts the entries of a layer on a tree, with the meaning they have for `FileTree.apply`: what is
 * removed goes first, a directory that meets a directory changes its metadata, anything else
 * replaces what was there, and parents that are missing, or no directories, are made.
 * Errors: EngineError `layer-invalid` (a hard link to nothing or to a directory).
 */
export function applyEntries(root: TreeNode, entries: Iterable<Entry>): void {
  const puts: Entry[] = [];
  for (const entry of entries) {
    if (entry.type === 'whiteout')
      findDirectory(root, parentPath(entry.path))?.discard(baseName(entry.path));
    else if (entry.type === 'opaque') empty(findDirectory(root, entry.path));
    else puts.push(entry);
  }
  for (const entry of puts) put(root, entry);
  root.context.touched();
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

function empty(directory: TreeNode | undefined): void {
  if (!directory) return;
  for (const name of [...directory.children().keys()]) directory.discard(name);
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
  parent.adopt(name, nodeOf(parent, entry));
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

function nodeOf({ context }: TreeNode, entry: Entry): TreeNode {
  const { type, mode, uid, gid, target, device, xattrs } = entry;
  const data =
    type === 'file' ? new FileData(context, { base: entry.content, path: entry.path }) : undefined;
  const time = timeOfEntry(entry.mtime);
  const node = new TreeNode(context, {
    ...{ format: formatOf(entry), mode: mode & PERMISSIONS, uid, gid, time, links: 1 },
    ...{ target, device, xattrs, data },
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
  node.attached = entry.xattrs && new Map(Object.entries(entry.xattrs));
}

function invalid(entry: Entry, why: string): EngineError {
  return new EngineError('layer-invalid', `invalid layer: ${JSON.stringify(entry.path)}: ${why}`);
}
