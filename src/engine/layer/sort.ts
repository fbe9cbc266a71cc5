import type { Entry } from './entry.ts';
import { baseName, comparePaths, parentPath } from './path.ts';

/**
 * The order layers are written in: directories before what is in them, names by bytes, and what a
 * directory loses (opaque, then whiteouts) before what it gets, since unpackers that go through an
 * archive once would otherwise remove new files. A whiteout of a directory that the layer makes anew
 * becomes an opaque mark in it, since Docker forgets the whiteout over the directory. Hard links come to point backwards: of the names
 * of one file the first is written as the file. Throws plainly when a hard link's target is not
 * among the entries, or when a path is there twice.
 */
export function sortEntries(entries: readonly Entry[]): readonly Entry[] {
  const keyed = withoutConflicts(relink(entries)).map((entry) => ({ entry, key: keyOf(entry) }));
  keyed.sort((a, b) => comparePaths(a.key, b.key));
  for (let i = 1; i < keyed.length; i++) {
    if (keyed[i - 1]?.key === keyed[i]?.key) {
      throw new Error(`twice in one layer: ${JSON.stringify(keyed[i]?.entry.path)}`);
    }
  }
  return keyed.map(({ entry }) => entry);
}

/**
 * Of whiteouts, those that say something: what the layer has again needs none, a directory that it
 * has again needs an opaque mark, and what is below something removed is gone with it.
 */
function withoutConflicts(entries: readonly Entry[]): readonly Entry[] {
  if (!entries.some((entry) => entry.type === 'whiteout')) return entries;
  const types = new Map<string, Entry['type']>();
  const removed = new Set<string>();
  const opaque = new Set<string>();
  for (const { type, path } of entries) {
    if (type === 'opaque') opaque.add(path);
    if (type === 'opaque' || type === 'whiteout') removed.add(path);
    if (type === 'whiteout') continue;
    if (type !== 'opaque') types.set(path, type);
    for (let above = type === 'opaque' ? path : parentPath(path); !types.has(above);) {
      types.set(above, 'dir');
      above = parentPath(above);
    }
  }
  return entries.flatMap((entry) => {
    if (entry.type !== 'whiteout') return [entry];
    if (ancestors(entry.path).some((path) => removed.has(path))) return [];
    const again = types.get(entry.path);
    if (again === undefined) return [entry];
    return again !== 'dir' || opaque.has(entry.path) ? [] : [{ ...entry, type: 'opaque' as const }];
  });
}

function ancestors(path: string): readonly string[] {
  const found = [];
  for (let above = path; above !== '';) found.push((above = parentPath(above)));
  return found;
}

function keyOf(entry: Entry): string {
  // U+0001 and U+0002 sort before every character that is common in names, and the order among
  // whiteouts and siblings of such rare names need only be the same each time.
  if (entry.type === 'opaque') return entry.path === '' ? '\u0001' : `${entry.path}/\u0001`;
  if (entry.type !== 'whiteout') return entry.path;
  const parent = parentPath(entry.path);
  return `${parent === '' ? '' : `${parent}/`}\u0002${baseName(entry.path)}`;
}

function relink(entries: readonly Entry[]): readonly Entry[] {
  if (!entries.some((entry) => entry.type === 'hardlink')) return entries;
  const byPath = new Map<string, Entry>();
  for (const entry of entries) {
    if (entry.type !== 'whiteout' && entry.type !== 'opaque') byPath.set(entry.path, entry);
  }
  const groups = new Map<Entry, Entry[]>();
  for (const entry of entries) {
    if (entry.type !== 'hardlink') continue;
    const file = fileOf(entry, byPath);
    const group = groups.get(file);
    if (group) group.push(entry);
    else groups.set(file, [entry]);
  }
  const changed = new Map<Entry, Entry>();
  for (const [file, links] of groups) {
    const members = [file, ...links].sort((a, b) => comparePaths(a.path, b.path));
    const first = members[0]?.path ?? file.path;
    const { mode, uid, gid, mtime } = file;
    for (const member of members) {
      changed.set(
        member,
        member.path === first
          ? { ...file, path: first }
          : { type: 'hardlink', path: member.path, target: first, size: 0, mode, uid, gid, mtime },
      );
    }
  }
  return entries.map((entry) => changed.get(entry) ?? entry);
}

function fileOf(link: Entry, byPath: ReadonlyMap<string, Entry>): Entry {
  let entry: Entry | undefined = link;
  const seen = new Set<Entry>();
  while (entry?.type === 'hardlink') {
    if (seen.has(entry)) break;
    seen.add(entry);
    entry = byPath.get(entry.target ?? '');
  }
  if (!entry || entry.type === 'hardlink') {
    throw new Error(`hard link ${link.path} to ${link.target ?? ''}, which is not in the layer`);
  }
  return entry;
}
