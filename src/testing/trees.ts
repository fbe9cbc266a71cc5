import type { Entry } from '../engine/layer/entry.ts';
import { emptyTree } from '../engine/layer/file-tree.ts';
import type { FileTree } from '../engine/layer/tree.ts';

/** The tree of some layers, the lowest first. */
export const stack = (...layers: readonly (readonly Entry[])[]): FileTree =>
  layers.reduce((tree: FileTree, layer) => tree.apply(layer), emptyTree);

/** `etc/ etc/passwd=text bin->usr/bin`: every path, in order. */
export function shown(tree: FileTree): string {
  return [...tree.walk()]
    .map(({ entry }) => {
      if (entry.type === 'dir') return `${entry.path}/`;
      if (entry.type === 'symlink') return `${entry.path}->${entry.target ?? ''}`;
      return entry.path;
    })
    .join(' ');
}
