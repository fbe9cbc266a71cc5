import type { FileTree, Node } from '../../engine/layer/tree.ts';
import { formatOf } from './entry-format.ts';
import { type DataContext, FileData } from './file-data.ts';
import { PERMISSIONS, type Time, timeOf } from './node.ts';
import { timeOfEntry } from './times.ts';
import { TreeNode } from './tree-node.ts';

/** What the nodes of one tree have in common. */
export interface TreeContext extends DataContext {
  readonly lower: FileTree;
  readonly readOnly: boolean;
  now(): Time;
  /** The nodes of files in `lower`, by their number there, so that hard links are one file. */
  readonly known: Map<number, TreeNode>;
  /** The node of a file of `lower`, the same for all its names. */
  fromBelow(below: Node): TreeNode;
  /** All names a file of `lower` has there. */
  pathsOf(node: Node): readonly string[];
  /** Something changed. */
  touched(): void;
  /** Contents whose last write's time only the guest knows. */
  readonly unsettled: Set<TreeNode>;
}

export interface TreeOptions extends DataContext {
  /** Milliseconds since 1970; Date.now when missing. */
  readonly clock?: () => number;
}

export function treeContext(
  lower: FileTree,
  options: TreeOptions & { readonly readOnly: boolean; readonly touched: () => void },
): TreeContext {
  const { cache, space, readOnly, touched } = options;
  const clock = options.clock ?? Date.now;
  const context: TreeContext = {
    lower,
    cache,
    space,
    readOnly,
    touched,
    known: new Map(),
    unsettled: new Set(),
    now: () => timeOf(clock()),
    pathsOf: (node) => linkedPaths(lower).get(node.inode) ?? [node.entry.path],
    fromBelow: (below) => nodeFromBelow(context, below),
  };
  return context;
}

const linked = new WeakMap<FileTree, ReadonlyMap<number, readonly string[]>>();

/** The paths of files with more than one. Goes through the whole tree, once. */
function linkedPaths(tree: FileTree): ReadonlyMap<number, readonly string[]> {
  const known = linked.get(tree);
  if (known) return known;
  const first = new Map<number, string>();
  const paths = new Map<number, string[]>();
  for (const { inode, entry } of tree.walk()) {
    const other = first.get(inode);
    if (other === undefined) {
      first.set(inode, entry.path);
      continue;
    }
    const found = paths.get(inode);
    if (found) found.push(entry.path);
    else paths.set(inode, [other, entry.path]);
  }
  linked.set(tree, paths);
  return paths;
}

/** The node of a file in the tree below, the same for all its names. */
function nodeFromBelow(context: TreeContext, below: Node): TreeNode {
  const known = context.known.get(below.inode);
  if (known) return known;
  const { entry } = below;
  const data =
    entry.type === 'file'
      ? new FileData(context, { base: entry.content, path: entry.path })
      : undefined;
  const node = new TreeNode(context, {
    format: formatOf(entry),
    mode: entry.mode & PERMISSIONS,
    uid: entry.uid,
    gid: entry.gid,
    time: timeOfEntry(entry.mtime),
    links: entry.type === 'dir' ? 1 : context.pathsOf(below).length,
    target: entry.target,
    device: entry.device,
    data,
    xattrs: entry.xattrs,
    origin: below,
  });
  context.known.set(below.inode, node);
  return node;
}
