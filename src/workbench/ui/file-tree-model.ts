import type { ImageFile } from '../port.ts';

/** A row of the tree: a file, or a folder that may be opened. */
export interface TreeRow {
  readonly name: string;
  /** From the root, without a slash at its start: `usr/bin`. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly size: number;
  /** Where a link leads. */
  readonly target?: string;
  /** It takes away what layers below have there. */
  readonly removes: boolean;
}

/** `/usr//bin/` and `./usr/bin` are `usr/bin`; the root is ''. */
export function normalPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** What is directly in a folder, folders first, of a listing that may go deeper. */
export function childrenOf(files: readonly ImageFile[], folder: string): readonly TreeRow[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const rows = new Map<string, TreeRow>();
  for (const file of files) {
    const path = normalPath(file.path);
    if (path === folder || !path.startsWith(prefix)) continue;
    const [first = '', ...deeper] = path.slice(prefix.length).split('/');
    const isItself = deeper.length === 0;
    // A layer may hold what is in a folder and not the folder.
    if (!isItself && rows.has(first)) continue;
    rows.set(first, isItself ? rowOf(file, first, path) : folderRow(first, `${prefix}${first}`));
  }
  return [...rows.values()].sort(
    (a, b) => Number(b.isFolder) - Number(a.isFolder) || (a.name < b.name ? -1 : 1),
  );
}

/** The folders above a path, from the root's down: of `usr/bin/env` they are `usr` and `usr/bin`. */
export function foldersAbove(path: string): readonly string[] {
  const parts = normalPath(path).split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

function rowOf({ type, size, target }: ImageFile, name: string, path: string): TreeRow {
  return {
    ...{ name, path, size },
    removes: type === 'whiteout',
    // An opaque folder is one that a layer empties before it fills it.
    isFolder: type === 'dir' || type === 'opaque',
    ...(target !== undefined && { target }),
  };
}

function folderRow(name: string, path: string): TreeRow {
  return { name, path, isFolder: true, size: 0, removes: false };
}
