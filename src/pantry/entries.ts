import { utf8 } from '../engine/bytes.ts';
import { contentOf } from '../engine/layer/content.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { isWithin, parentPath } from '../engine/layer/path.ts';

/** A recipe's absolute path as an entry's: without the leading slash. */
export function entryPath(path: string): string {
  return path.replace(/^\/+/, '');
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number;
}

/** `path` as in `Entry`; owned by 0:0, time 0 (seconds since 1970), unless said. */
export function directory(path: string, mode = 0o755, owner: Owner = {}): Entry {
  return { type: 'dir', path, mode, uid: 0, gid: 0, size: 0, mtime: 0, ...owner };
}

/** `path` as in `Entry`, text as UTF-8; owned by 0:0, time 0 (seconds since 1970), unless said. */
export function fileOf(
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
  owner: Owner = {},
): Entry {
  const bytes = typeof content === 'string' ? utf8(content) : content;
  return {
    type: 'file',
    path,
    mode,
    uid: 0,
    gid: 0,
    mtime: 0,
    ...owner,
    size: bytes.length,
    content: contentOf(bytes),
  };
}

/** `path` as in `Entry`, `target` as written into the link. */
export function symlink(path: string, target: string): Entry {
  return { type: 'symlink', path, mode: 0o777, uid: 0, gid: 0, size: 0, mtime: 0, target };
}

/** The whole of a file in memory; throws for anything else. */
export async function bytesOf(entry: Entry): Promise<Uint8Array> {
  if (entry.type !== 'file' || entry.content === undefined) {
    throw new Error(`${entry.path} is not a file`);
  }
  return entry.content.read(0, entry.size);
}

export async function textOf(entry: Entry): Promise<string> {
  return new TextDecoder().decode(await bytesOf(entry));
}

/** Whether a path lies at or below one of the patterns, in which `*` stands for anything but a slash. */
export function matches(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchedPrefix(path, pattern) !== undefined);
}

/** The part of a path that a pattern matches (`usr/lib/jvm/java-21` of a path below it), or undefined. */
export function matchedPrefix(path: string, pattern: string): string | undefined {
  const wanted = entryPath(pattern);
  if (!wanted.includes('*')) return isWithin(path, wanted) ? wanted : undefined;
  const source = wanted
    .split('*')
    .map((text) => text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]*');
  return new RegExp(`^${source}(?=/|$)`).exec(path)?.[0];
}

/** Entries by path: a later one replaces an earlier one, in its place. */
export function mergeEntries(...lists: readonly (readonly Entry[])[]): Map<string, Entry> {
  const merged = new Map<string, Entry>();
  for (const list of lists) {
    for (const entry of list) merged.set(entry.path, entry);
  }
  return merged;
}

/** Drops directories that nothing is left in, so that what was filtered out leaves no shells behind. */
export function withoutEmptied(
  before: readonly Entry[],
  after: readonly Entry[],
): readonly Entry[] {
  const hadChildren = new Set(before.map((entry) => parentPath(entry.path)));
  const used = new Set<string>();
  for (const entry of after) {
    if (entry.type === 'dir' && hadChildren.has(entry.path)) continue;
    for (let at = parentPath(entry.path); at !== ''; at = parentPath(at)) used.add(at);
  }
  return after.filter(
    (entry) =>
      entry.type !== 'dir' ||
      entry.path === '' ||
      used.has(entry.path) ||
      !hadChildren.has(entry.path),
  );
}
