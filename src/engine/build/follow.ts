import { EngineError } from '../errors.ts';
import type { Entry } from '../layer/entry.ts';
import { joinPath } from '../layer/path.ts';

export type Lookup = (path: string) => Entry | undefined;

/** As Linux: more links than this on one way are a loop. */
const MOST_LINKS = 255;

/**
 * Follows symlinks below `root` (clean, a real directory), which `..` and absolute targets cannot
 * leave. What is missing stays as it is written, so that it can be made or named in a message.
 * Throws EngineError `too-many-links`.
 */
export function followIn(
  get: Lookup,
  path: string,
  options: { readonly root?: string; readonly last?: boolean } = {},
): { readonly path: string; readonly entry: Entry | undefined } {
  const { root = '', last = true } = options;
  const todo = split(path).reverse();
  let at: string[] = [];
  let links = 0;
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (name === '..') {
      at.pop();
      continue;
    }
    const here = joinPath(root, [...at, name].join('/'));
    const entry = get(here);
    if (entry?.type !== 'symlink' || (todo.length === 0 && !last)) {
      at.push(name);
      continue;
    }
    if (++links > MOST_LINKS) {
      throw new EngineError(
        'too-many-links',
        `/${path.replace(/^\/+/, '')}: too many levels of symbolic links`,
        {
          hint: 'Symbolic links point at each other in a circle.',
        },
      );
    }
    const target = entry.target ?? '';
    if (target.startsWith('/')) at = [];
    todo.push(...split(target).reverse());
  }
  const found = joinPath(root, at.join('/'));
  return { path: found, entry: get(found) };
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
