import { contentOf, streamByReading } from '../../engine/layer/content.ts';
import type { Content, Entry, EntryType } from '../../engine/layer/entry.ts';
import { comparePaths, joinPath } from '../../engine/layer/path.ts';
import { sortEntries } from '../../engine/layer/sort.ts';
import type { FileData } from './file-data.ts';
import { FORMAT, PERMISSIONS } from './node.ts';
import { entryTime, sameTime, timeOfEntry } from './times.ts';
import type { TreeNode } from './tree-node.ts';

/**
 * How a tree differs from the one below it, as the smallest layer that says so.
 * - A directory is listed when its own metadata differ or an entry was added to or removed from it,
 *   its time then being when; directories above are not. The root is not listed for its time alone.
 * - A file is listed when content was written, also the same again, or its metadata differ from
 *   below. Owner, mode or time alone do not read its content: it is the one from below.
 * - Of a file with several names either all or none are listed.
 * - Sockets are left out, as in every layer; access times are no change.
 */
export function changesOf(root: TreeNode): readonly Entry[] {
  for (;;) {
    const found = gather(root);
    if (!loadOtherNames(root, found)) return sortEntries(toEntries(found));
  }
}

interface Found {
  /** Whiteouts, opaque marks, directories. */
  readonly entries: Entry[];
  /** Files by name, and whether something lies there that is that very file below. */
  readonly names: { readonly node: TreeNode; readonly path: string }[];
  /** Files to list. */
  readonly changed: Set<TreeNode>;
}

function gather(root: TreeNode): Found {
  const found: Found = { entries: [], names: [], changed: new Set() };
  if (isMetadataChanged(root, false)) found.entries.push(entryOf(root, ''));
  const todo = [{ node: root, path: '', merged: true }];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { node: directory, path, merged } = next;
    const { lower } = directory.context;
    if (merged && !directory.loaded()) continue;
    const children = directory.children();
    if (merged && directory.entriesChanged) {
      for (const name of lower.list(path)) {
        if (!children.has(name)) found.entries.push(mark('whiteout', joinPath(path, name)));
      }
    }
    for (const [name, node] of children) {
      const at = joinPath(path, name);
      const below = merged ? lower.get(at) : undefined;
      const inPlace = below !== undefined && node.origin?.inode === below.inode;
      if (node.format === FORMAT.directory) {
        if (!inPlace || node.listed || isMetadataChanged(node, true)) {
          found.entries.push(entryOf(node, at));
        }
        if (!inPlace && below?.entry.type === 'dir') found.entries.push(mark('opaque', at));
        todo.push({ node, path: at, merged: inPlace });
        continue;
      }
      if (node.format === FORMAT.socket) {
        if (below) found.entries.push(mark('whiteout', at));
        continue;
      }
      const changed = !inPlace || isChanged(node);
      if (changed) found.changed.add(node);
      if (changed || node.links > 1) found.names.push({ node, path: at });
    }
  }
  return found;
}

/** Of changed files with more names below, looks for these names; whether there is more to go through now. */
function loadOtherNames(root: TreeNode, { changed }: Found): boolean {
  let more = false;
  for (const { origin, context, links } of changed) {
    if (!origin || links < 2) continue;
    for (const path of context.pathsOf(origin)) {
      let directory: TreeNode | undefined = root;
      for (const name of path.split('/').slice(0, -1)) {
        directory = directory.children().get(name);
        if (directory?.format !== FORMAT.directory) break;
        if (!directory.loaded()) more = true;
      }
    }
  }
  return more;
}

function toEntries({ entries, names, changed }: Found): readonly Entry[] {
  const files = new Map<TreeNode, string[]>();
  for (const { node, path } of names) {
    if (!changed.has(node)) continue;
    const paths = files.get(node);
    if (paths) paths.push(path);
    else files.set(node, [path]);
  }
  const all = [...entries];
  for (const [node, paths] of files) {
    const [first = '', ...others] = paths.length > 1 ? paths.sort(comparePaths) : paths;
    const entry = entryOf(node, first);
    all.push(entry);
    const { mode, uid, gid, mtime } = entry;
    for (const path of others) {
      all.push({ type: 'hardlink', path, target: first, size: 0, mode, uid, gid, mtime });
    }
  }
  return all;
}

function mark(type: 'whiteout' | 'opaque', path: string): Entry {
  return { type, path, mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 };
}

function isChanged(node: TreeNode): boolean {
  const { data, origin } = node;
  const same = !data || (data.isBase() && data.base === origin?.entry.content);
  return !same || isMetadataChanged(node, true);
}

function isMetadataChanged(node: TreeNode, withTime: boolean): boolean {
  const entry = node.origin?.entry;
  if (!entry) return true;
  return (
    (node.mode & PERMISSIONS) !== (entry.mode & PERMISSIONS) ||
    node.uid !== entry.uid ||
    node.gid !== entry.gid ||
    (withTime && !sameTime(node.mtime, timeOfEntry(entry.mtime))) ||
    !sameXattrs(node.attached, entry.xattrs ?? {})
  );
}

function sameXattrs(
  now: ReadonlyMap<string, Uint8Array> | undefined,
  before: Readonly<Record<string, Uint8Array>>,
): boolean {
  const names = Object.keys(before);
  if (names.length !== (now?.size ?? 0)) return false;
  return names.every((name) => {
    const [a, b] = [now?.get(name), before[name]];
    return a?.length === b?.length && a?.every((byte, at) => byte === b?.[at]) === true;
  });
}

const TYPES: ReadonlyMap<number, EntryType> = new Map([
  [FORMAT.file, 'file'],
  [FORMAT.directory, 'dir'],
  [FORMAT.symlink, 'symlink'],
  [FORMAT.character, 'char'],
  [FORMAT.block, 'block'],
  [FORMAT.fifo, 'fifo'],
]);

function entryOf(node: TreeNode, path: string): Entry {
  const type = TYPES.get(node.format);
  if (!type) throw new Error(`a file of format ${node.format.toString(8)} in a layer`);
  return {
    type,
    path,
    mode: node.mode & PERMISSIONS,
    uid: node.uid,
    gid: node.gid,
    size: node.data?.size ?? 0,
    mtime: entryTime(node.mtime),
    ...(type === 'symlink' && { target: node.target }),
    ...(node.device && { device: node.device }),
    ...(node.attached && node.attached.size > 0 && { xattrs: Object.fromEntries(node.attached) }),
    ...(node.data && { content: contentNow(node.data) }),
  };
}

/** A file's content as it is now and will stay. */
function contentNow(data: FileData): Content {
  if (data.isBase()) return data.base ?? contentOf(new Uint8Array(0));
  const frozen = data.freeze();
  const content = {
    size: frozen.size,
    async read(offset: number, length: number): Promise<Uint8Array> {
      const from = Math.min(Math.max(offset, 0), frozen.size);
      const bytes = new Uint8Array(Math.max(Math.min(length, frozen.size - from), 0));
      await frozen.read(from, bytes);
      return bytes;
    },
  };
  return { ...content, stream: () => streamByReading(content) };
}
