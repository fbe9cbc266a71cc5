import { type IgnoreRules, parseDockerignore } from '../dockerfile/ignore.ts';
import type { Entry } from '../layer/entry.ts';
import { emptyTree } from '../layer/file-tree.ts';
import { parentPath } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';
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
export function filterTree(tree: FileTree, rules: IgnoreRules): FileTree {
  const kept = new Map<string, Entry>();
  const firstOf = new Map<number, string>();
  for (const { entry, inode } of tree.walk()) {
    if (rules.verdict(entry.path) === 'drop') continue;
    for (let at = parentPath(entry.path); at !== '' && !kept.has(at); at = parentPath(at)) {
      const parent = tree.get(at)?.entry;
      if (parent) kept.set(at, parent);
    }
    const first = entry.type === 'file' ? firstOf.get(inode) : undefined;
    if (first === undefined) {
      firstOf.set(inode, entry.path);
      kept.set(entry.path, entry);
    } else {
      const { content, ...rest } = entry;
      kept.set(entry.path, { ...rest, type: 'hardlink', size: 0, target: first });
    }
  }
  return emptyTree.apply([...kept.values()].sort((a, b) => depth(a) - depth(b)));
}

/** Directories before what is in them. Stable, so that a file comes before the links to it only if it is not deeper. */
function depth(entry: Entry): number {
  return entry.type === 'hardlink' ? Infinity : entry.path.split('/').length;
}

/** Bytes of all files: what a client would send. */
export function bytesIn(tree: FileTree): number {
  let sum = 0;
  for (const { entry } of tree.walk()) sum += entry.size;
  return sum;
}
