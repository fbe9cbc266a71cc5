import type { Entry } from '../../engine/layer/entry.ts';
import { joinPath } from '../../engine/layer/path.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import type { WritableTree } from '../../engine/process/host.ts';
import { applyEntries } from './cow-apply.ts';
import { changesOf } from './cow-changes.ts';
import { type FileNode, FORMAT, type Time } from './node.ts';
import { rootOf } from './static-tree.ts';
import { treeContext, type TreeOptions } from './tree-context.ts';
import type { TreeNode } from './tree-node.ts';

/** A tree that processes write to: copy on write over an unchanging one. */
export interface CowTree extends WritableTree {
  /** What the 9P server serves. Looking into it is what first costs anything. */
  readonly root: FileNode;
  /**
   * Says that a guest has it mounted, and how to reach that guest; undefined when it has no more.
   * A guest that caches (`cache=loose`) brings what was written late and never looks twice.
   */
  mounted(guest: MountedTree | undefined): void;
  /**
   * Files that were written without their time having been set, whose `mtime` is therefore only
   * known to the guest that wrote them (the server knows when the bytes came). Ask the guest with
   * stat(2) after a sync, and tell with `settle`: bytecode of Python is valid for one time only.
   */
  unsettled(): readonly string[];
  settle(times: Iterable<readonly [path: string, mtime: Time]>): void;
}

/** What a tree asks of the guest that has it mounted. */
export interface MountedTree {
  /** Resolves when everything written so far has reached the tree, and times are settled. */
  flush(): Promise<void>;
  /** Makes the guest itself put the entries there. */
  apply(entries: readonly Entry[]): Promise<void>;
}

/**
 * `lower` with `changes` on it, to be changed further. Nothing is done before it is used. Errors
 * (then): EngineError `layer-invalid` of `changes`.
 */
export function writableTree(
  lower: FileTree,
  changes: Iterable<Entry>,
  options: TreeOptions,
): CowTree {
  let version = 0;
  let made: TreeNode | undefined;
  let guest: MountedTree | undefined;

  function root(): TreeNode {
    if (made) return made;
    const touched = (): void => {
      version += 1;
    };
    made = rootOf(treeContext(lower, { ...options, readOnly: false, touched }));
    applyEntries(made, changes, { touch: false });
    version = 0;
    return made;
  }

  async function changesNow(): Promise<readonly Entry[]> {
    await guest?.flush();
    return changesOf(root());
  }

  return {
    get root() {
      return root();
    },
    mounted(by) {
      guest = by;
    },
    changes: changesNow,
    view: async () => lower.apply(await changesNow()),
    async apply(entries) {
      if (guest) await guest.apply([...entries]);
      else applyEntries(root(), entries, { touch: true });
    },
    size() {
      let sum = 0;
      for (const node of new Set(Array.from(loadedNodes(root()), (at) => at.node))) {
        const { data } = node;
        if (!data) continue;
        const isBelow = data.base === node.origin?.entry.content;
        sum += isBelow ? data.ownSize() : data.size;
      }
      return sum;
    },
    version: () => version,
    unsettled() {
      const { unsettled } = root().context;
      if (unsettled.size === 0) return [];
      const paths: string[] = [];
      const seen = new Set<TreeNode>();
      for (const { node, path } of loadedNodes(root())) {
        if (!unsettled.has(node) || seen.has(node)) continue;
        seen.add(node);
        paths.push(path);
      }
      return paths;
    },
    settle(times) {
      const { unsettled } = root().context;
      const wanted = new Map(times);
      for (const { node, path } of loadedNodes(root())) {
        const mtime = wanted.get(path);
        if (mtime && unsettled.delete(node)) node.mtime = mtime;
      }
    },
  };
}

/** All nodes that anybody looked at, files once per name. */
function* loadedNodes(root: TreeNode): Generator<{ node: TreeNode; path: string }, void> {
  const todo = [{ node: root, path: '' }];
  for (let next = todo.pop(); next; next = todo.pop()) {
    yield next;
    for (const [name, node] of next.node.loaded() ?? []) {
      const at = { node, path: joinPath(next.path, name) };
      if (node.format === FORMAT.directory) todo.push(at);
      else yield at;
    }
  }
}
