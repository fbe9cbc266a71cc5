import type { Entry } from './entry.ts';
import { applyLayer } from './tree-edit.ts';
import { below, follow, namesOf, type Item, type TreeState } from './tree-item.ts';
import type { FileTree, Node } from './tree.ts';

/** No layer yet: the root, owned by 0:0, mode 755, time 0. */
export const emptyTree: FileTree = treeOf({
  root: {
    entry: { type: 'dir', path: '', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 },
    inode: 1,
    children: new Map(),
    names: undefined,
    layer: 0,
    epoch: 0,
  },
  layers: 0,
  nextInode: 2,
  size: 0,
});

function treeOf(state: TreeState): FileTree {
  const { root } = state;
  const at = (path: string): Item | undefined => {
    let item: Item | undefined = root;
    if (path === '') return item;
    for (const name of path.split('/')) {
      item = item.children?.get(name);
      if (!item) return undefined;
    }
    return item;
  };
  return {
    size: state.size,
    get: at,
    list(path) {
      const item = at(path);
      return item?.children ? namesOf(item) : [];
    },
    *walk(path = ''): Generator<Node, void, undefined> {
      const item = at(path);
      if (item?.children) yield* below(item);
    },
    resolve: (path, options = {}) => follow(root, path, options.last ?? true)?.entry.path,
    apply: (layer: Iterable<Entry>) => treeOf(applyLayer(state, layer)),
  };
}
