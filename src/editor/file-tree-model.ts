import type { WorkspaceFile } from '../workbench/port.ts';

export type TreeEntry = Pick<WorkspaceFile, 'path' | 'kind'>;

/** A visible line of the tree, top to bottom. */
export interface TreeRow {
  readonly path: string;
  readonly name: string;
  readonly kind: 'file' | 'dir';
  /** From 1. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  /** Directories only. */
  readonly expanded?: boolean;
}

/** What is seen of a workspace while some directories are closed: directories first, then by name. */
export function treeRows(
  entries: readonly TreeEntry[],
  closed: ReadonlySet<string>,
): readonly TreeRow[] {
  const children = new Map<string, TreeEntry[]>();
  for (const entry of withParents(entries)) {
    const parent = parentOf(entry.path);
    const list = children.get(parent);
    if (list) list.push(entry);
    else children.set(parent, [entry]);
  }
  const rows: TreeRow[] = [];
  const add = (parent: string, level: number): void => {
    const list = (children.get(parent) ?? []).sort(inOrder);
    for (const [at, { path, kind }] of list.entries()) {
      const row = { path, name: nameOf(path), kind, level };
      const place = { position: at + 1, siblings: list.length };
      if (kind === 'file') rows.push({ ...row, ...place });
      else {
        const expanded = !closed.has(path);
        rows.push({ ...row, ...place, expanded });
        if (expanded) add(path, level + 1);
      }
    }
  };
  add('', 1);
  return rows;
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Whether `path` is `folder` or in it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** Where `path` is after `from` was renamed to `to`. */
export function moved(path: string, from: string, to: string): string {
  return isWithin(path, from) ? to + path.slice(from.length) : path;
}

/** Why a path cannot be the new name of anything; `undefined` when it can. */
export type NameFault = 'empty' | 'taken' | 'outside' | 'odd' | 'long';

export function nameFault(path: string, entries: readonly TreeEntry[]): NameFault | undefined {
  const parts = path.split('/');
  if (path.trim() === '' || parts.some((part) => part === '')) return 'empty';
  if (parts.some((part) => part === '.' || part === '..')) return 'outside';
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'odd';
  if (parts.some((part) => new TextEncoder().encode(part).length > 255)) return 'long';
  return withParents(entries).some((entry) => entry.path === path) ? 'taken' : undefined;
}

/** `notes.txt`, or `notes (2).txt` when that is taken: an upload never replaces anything. */
export function freePath(path: string, entries: readonly TreeEntry[]): string {
  const taken = new Set(entries.map((entry) => entry.path));
  if (!taken.has(path)) return path;
  const dot = nameOf(path).lastIndexOf('.');
  const end = dot > 0 ? path.length - nameOf(path).length + dot : path.length;
  for (let count = 2; ; count++) {
    const candidate = `${path.slice(0, end)} (${count})${path.slice(end)}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Lists may leave out directories that files stand for. */
function withParents(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  const all = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path } of entries) {
    for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) {
      if (!all.has(folder)) all.set(folder, { path: folder, kind: 'dir' });
    }
  }
  return [...all.values()];
}

function inOrder(a: TreeEntry, b: TreeEntry): number {
  if (a.kind !== b.kind) return a.kind === 'dir' ? -1 : 1;
  return nameOf(a.path).localeCompare(nameOf(b.path), 'en', { numeric: true });
}
