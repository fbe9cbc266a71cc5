import type { Entry } from '../engine/layer/entry.ts';
import { emptyTree } from '../engine/layer/file-tree.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import { contentCache } from '../machine/files/content-cache.ts';
import { type CowTree, writableTree } from '../machine/files/cow-tree.ts';
import { space } from '../machine/files/space.ts';

/** What trees of the machine need, for tests: a clock that ticks a second each time it is read. */
export function treeOptions(from = 1000) {
  let seconds = from;
  return { cache: contentCache(), space: space(), clock: () => (seconds += 1) * 1000 };
}

/** A writable tree over some entries. */
export function writableOver(
  lower: readonly Entry[] | FileTree = [],
  changes: readonly Entry[] = [],
): CowTree {
  const tree = 'apply' in lower ? lower : emptyTree.apply(lower);
  return writableTree(tree, changes, treeOptions());
}
