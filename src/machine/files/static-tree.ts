import type { FileTree } from '../../engine/layer/tree.ts';
import type { DataContext } from './file-data.ts';
import type { FileNode } from './node.ts';
import { type TreeContext, treeContext } from './tree-context.ts';
import type { TreeNode } from './tree-node.ts';

/** The root of an unchanging tree, to be served read-only: everything that would change it is EROFS. */
export function staticTree(tree: FileTree, context: DataContext): FileNode {
  return rootOf(treeContext(tree, { ...context, readOnly: true, touched: () => undefined }));
}

/** The root's node of a tree. */
export function rootOf(context: TreeContext): TreeNode {
  const below = context.lower.get('');
  if (!below) throw new Error('a tree without a root');
  const root = context.fromBelow(below);
  root.parent = root;
  return root;
}
