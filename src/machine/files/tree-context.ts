import type { FileTree, Node } from '../../engine/layer/tree.ts';
import type { DataContext } from './file-data.ts';
import { type Time, timeOf } from './node.ts';
import type { TreeNode } from './tree-node.ts';

/** What the nodes of one tree have in common. */
export interface TreeContext extends DataContext {
  readonly lower: FileTree;
  readonly readOnly: boolean;
  now(): Time;
  /** The nodes of files in `lower`, by their number there, so that hard links are one file. */
  readonly known: Map<number, TreeNode>;
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
  return {
    lower,
    cache,
    space,
    readOnly,
    touched,
    known: new Map(),
    unsettled: new Set(),
    now: () => timeOf(clock()),
    pathsOf: (node) => linkedPaths(lower).get(node.inode) ?? [node.entry.path],
  };
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

/** An entry's time, which is a number of seconds with a fraction, and back. */
export function timeOfEntry(mtime: number): Time {
  const seconds = Math.floor(mtime);
  const nanoseconds = Math.round((mtime - seconds) * 1e9);
  return nanoseconds === 1e9 ? { seconds: seconds + 1, nanoseconds: 0 } : { seconds, nanoseconds };
}

export function entryTime({ seconds, nanoseconds }: Time): number {
  return seconds + nanoseconds / 1e9;
}

export function sameTime(a: Time, b: Time): boolean {
  return a.seconds === b.seconds && a.nanoseconds === b.nanoseconds;
}
