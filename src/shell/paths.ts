/** Where the learner's folder is in the guest. */
export const WORKSPACE = '/workspace';

/** Where a path of the guest leads: to a file of the workspace, or elsewhere in the guest. */
export type GuestPlace =
  | { readonly kind: 'workspace'; readonly source: string }
  | { readonly kind: 'guest'; readonly path: string };

/** What is known of symlinks in the workspace. */
export interface Links {
  /** The target of a symlink; null when something else is there, undefined when nothing is. */
  linkAt(source: string): string | null | undefined;
}

/** A path as typed in the guest, made absolute, without `.`, `..` and a slash at its end. */
export function absoluteIn(cwd: string, path: string): string {
  const names: string[] = [];
  for (const name of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

/** A path in the workspace, relative to its root; undefined outside. */
export function inWorkspace(absolute: string): string | undefined {
  if (absolute === WORKSPACE) return '';
  return absolute.startsWith(`${WORKSPACE}/`) ? absolute.slice(WORKSPACE.length + 1) : undefined;
}

const MOST_LINKS = 40;

/**
 * Follows symlinks in the workspace as the guest would, where `/` is the guest's own root: the
 * source that comes back has none left in it, so that whoever opens it stays in the folder.
 */
export function placeOf(workspace: Links, absolute: string): GuestPlace {
  let path = absolute;
  for (let links = 0; links < MOST_LINKS; links++) {
    const source = inWorkspace(path);
    if (source === undefined) return { kind: 'guest', path };
    const next = firstLink(workspace, source);
    if (next === undefined) return { kind: 'workspace', source };
    path = absoluteIn(`${WORKSPACE}/${next.parent}`, next.target);
    path = absoluteIn(path, next.rest);
  }
  // The guest finds the loop itself, and says so.
  return { kind: 'guest', path: absolute };
}

/** The first symlink on the way, with what comes before and after it. */
function firstLink(
  workspace: Links,
  source: string,
): { readonly parent: string; readonly target: string; readonly rest: string } | undefined {
  const names = source === '' ? [] : source.split('/');
  for (let count = 1; count <= names.length; count++) {
    const target = workspace.linkAt(names.slice(0, count).join('/'));
    if (target === undefined) return undefined;
    if (target === null) continue;
    const parent = names.slice(0, count - 1).join('/');
    return { parent, target, rest: names.slice(count).join('/') || '.' };
  }
  return undefined;
}
