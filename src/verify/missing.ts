import { baseName, joinPath, parentPath, rootedPath } from '../engine/layer/path.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import { words, type Words } from './words.ts';

/** What is missing at a path: itself, a directory on the way, or what a link leads to. */
export function missingAt(tree: FileTree, path: string): Words {
  let at = '';
  for (const name of path.split('/')) {
    const next = joinPath(at, name);
    const resolved = tree.resolve(next);
    if (resolved !== undefined) {
      at = resolved;
      continue;
    }
    const target = lastTarget(tree, next);
    if (target === undefined) break;
    return words(
      `\`/${path}\` é um link que não leva a nada: \`${target}\` não existe na imagem`,
      `\`/${path}\` is a link that leads nowhere: \`${target}\` is not in the image`,
    );
  }
  return words(`\`/${path}\` não existe na imagem`, `\`/${path}\` is not in the image`);
}

/** Where a chain of links ends that does not lead to anything; undefined when there is no link. */
function lastTarget(tree: FileTree, path: string): string | undefined {
  let target: string | undefined;
  let at = path;
  for (let links = 0; links < 40; links++) {
    const entry = tree.get(at)?.entry;
    if (entry?.type !== 'symlink' || entry.target === undefined) break;
    const { target: to } = entry;
    at = rootedPath(to.startsWith('/') ? to : `${parentPath(at)}/${to}`);
    target = `/${at}`;
    // A directory of the target may be a link itself.
    at = joinPath(tree.resolve(parentPath(at)) ?? parentPath(at), baseName(at));
  }
  return target;
}
