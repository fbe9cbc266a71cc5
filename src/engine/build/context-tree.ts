import { type IgnoreRules, parseDockerignore } from '../dockerfile/ignore.ts';
import { emptyTree } from '../layer/file-tree.ts';
import type { FileTree } from '../layer/tree.ts';
import { entriesOfTree } from './tree-entries.ts';
import type { BuildRequest } from './request.ts';

/** Opens the context and drops what the ignore file says. */
export async function openContext(
  request: Pick<BuildRequest, 'context' | 'ignore'>,
): Promise<FileTree> {
  if (!request.ignore) return (await request.context(() => true)).tree;
  const rules = parseDockerignore(request.ignore.source);
  const wants = (path: string, isDir: boolean): boolean =>
    path === '' || (isDir ? rules.mustWalk(path) : rules.verdict(path) === 'keep');
  return filterTree((await request.context(wants)).tree, rules);
}

/** What the rules keep, and the directories it lies in. */
function filterTree(tree: FileTree, rules: IgnoreRules): FileTree {
  return emptyTree.apply(entriesOfTree(tree, ({ path }) => rules.verdict(path) === 'keep'));
}

/** Bytes of all files: what a client would send. */
export function bytesIn(tree: FileTree): number {
  let sum = 0;
  for (const { entry } of tree.walk()) sum += entry.size;
  return sum;
}
