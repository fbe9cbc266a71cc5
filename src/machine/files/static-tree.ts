import type { FileTree } from '../../engine/layer/tree.ts';
import type { DataContext } from './file-data.ts';
import type { FileNode } from './node.ts';
import { treeContext } from './tree-context.ts';
import { nodeFromBelow, type TreeNode } from './tree-node.ts';

/** The root of an unchanging tree, to be served read-only: everything that would change it is EROFS. */
export function staticTree(tree: FileTree, context: DataContext): FileNode {
  return rootOf(treeContext(tree, { ...context, readOnly: true, touched: () => undefined }));
}

export function rootOf(context: Parameters<typeof nodeFromBelow>[0]): TreeNode {
  const below = context.lower.get('');
  if (!below) throw new Error('a tree without a root');
  const root = nodeFromBelow(context, below);
  root.parent = root;
  return root;
}
