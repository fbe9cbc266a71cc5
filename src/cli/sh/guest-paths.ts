import { lstatSync, readlinkSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Where the learner's folder is in the guest. */
export const WORKSPACE = '/workspace';

/** Where a path of the guest leads: to a file of the host's folder, or elsewhere in the guest. */
export type GuestPlace =
  | { readonly kind: 'workspace'; readonly source: string; readonly path: string }
  | { readonly kind: 'guest'; readonly path: string };

/** A path as typed in the guest, made absolute. */
export function absoluteIn(cwd: string, path: string): string {
  return posix
    .normalize(posix.join(path.startsWith('/') ? '/' : cwd, path))
    .replace(/(.)\/$/, '$1');
}

/** A path in the workspace, relative to its root; undefined outside. */
export function inWorkspace(absolute: string): string | undefined {
  if (absolute === WORKSPACE) return '';
  return absolute.startsWith(`${WORKSPACE}/`) ? absolute.slice(WORKSPACE.length + 1) : undefined;
}

const MOST_LINKS = 40;

/**
 * Follows symlinks in the host's folder as the guest would, where `/` is the guest's own root: the
 * path that comes back has none left in it, so that whoever opens it stays in the folder.
 */
export function placeOf(folder: string, absolute: string): GuestPlace {
  let path = absolute;
  for (let links = 0; links < MOST_LINKS; links++) {
    const source = inWorkspace(path);
    if (source === undefined) return { kind: 'guest', path };
    const next = firstLink(folder, source);
    if (next === undefined) return { kind: 'workspace', source, path: join(folder, source) };
    path = absoluteIn(posix.join(WORKSPACE, next.parent), next.target);
    path = absoluteIn(path, next.rest);
  }
  // The guest finds the loop itself, and says so.
  return { kind: 'guest', path: absolute };
}

/** The first symlink on the way, with what comes before and after it. */
function firstLink(
  folder: string,
  source: string,
): { readonly parent: string; readonly target: string; readonly rest: string } | undefined {
  const names = source === '' ? [] : source.split('/');
  for (let count = 1; count <= names.length; count++) {
    const here = names.slice(0, count).join('/');
    const found = lstatSync(join(folder, here), { throwIfNoEntry: false });
    if (!found) return undefined;
    if (!found.isSymbolicLink()) continue;
    const target = readlinkSync(join(folder, here));
    const parent = names.slice(0, count - 1).join('/');
    return { parent, target, rest: names.slice(count).join('/') || '.' };
  }
  return undefined;
}
