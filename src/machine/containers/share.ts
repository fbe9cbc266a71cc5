import type { FileTree } from '../../engine/layer/tree.ts';
import { type Directory, directory } from '../files/directory.ts';
import type { FileNode } from '../files/node.ts';
import { NINEP } from './guest-paths.ts';

/** What the 9P server of one life of the machine shows; see the brief comment of each folder. */
export interface Share {
  readonly root: FileNode;
  /** A folder for one start of a container: its bundle. */
  bundle(id: string): Place & { readonly folder: Directory };
  /** A writable tree's root. */
  writable(node: FileNode): Place;
  /** An unchanging tree; places of one tree are shared while anybody has one. */
  readonly tree: (tree: FileTree) => Place;
}

/** Something that the guest can reach. */
export interface Place {
  /** Absolute, in the guest. */
  readonly path: string;
  /** The name goes at once, and is not used again: a guest that caches never looks twice. */
  readonly release: () => void;
}

/** `tools` is the root of the guest's own programs; `nodeOf` makes of an unchanging tree what can be served. */
export function createShare(tools: FileNode, nodeOf: (tree: FileTree) => FileNode): Share {
  const bundles = directory();
  const writables = directory();
  const trees = directory();
  const root = directory({ tools, c: bundles.node, v: writables.node, t: trees.node });
  const shared = new Map<FileTree, { readonly path: string; users: number }>();
  let last = 0;

  function place(folder: Directory, letter: string, name: string, node: FileNode): Place {
    folder.set(name, node);
    return {
      path: `${NINEP}/${letter}/${name}`,
      release() {
        folder.remove(name);
      },
    };
  }

  return {
    root: root.node,
    bundle(id) {
      const folder = directory();
      const name = bundles.node.lookup(id) === undefined && last === 0 ? id : `${id}.${++last}`;
      return { ...place(bundles, 'c', name, folder.node), folder };
    },
    writable: (node) => place(writables, 'v', String(++last), node),
    tree(tree) {
      let known = shared.get(tree);
      if (!known) {
        const { path } = place(trees, 't', String(++last), nodeOf(tree));
        known = { path, users: 0 };
        shared.set(tree, known);
      }
      const { path } = known;
      const entry = known;
      entry.users += 1;
      return {
        path,
        release() {
          entry.users -= 1;
          if (entry.users > 0) return;
          shared.delete(tree);
          trees.remove(path.slice(path.lastIndexOf('/') + 1));
        },
      };
    },
  };
}
