import type { Entry } from '../layer/entry.ts';
import { parentPath } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';
import { EngineError } from '../errors.ts';
import { type Lookup, followIn } from './follow.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** What is known of a directory that has to be made: Docker dates it now, this engine by its source. */
export interface NewDirectory extends Partial<Owner> {
  readonly mtime: number;
}

/**
 * The writable layer of one step over a root filesystem, as overlayfs keeps it: what was written,
 * and the directories above it. Paths are as in `Entry`.
 */
export interface Upper {
  /** What is at exactly this path now, links not followed. */
  readonly get: Lookup;
  /** Follows links as a process chrooted at `root` (a real directory) would; what is missing stays as written. */
  resolve(path: string, root?: string): string;
  /** Whether this layer has the path, rather than what is below it. */
  isWritten(path: string): boolean;
  /** Writes an entry. Its parent must be a directory already. */
  put(entry: Entry): void;
  /** Removes what is there, with everything below. */
  remove(path: string): void;
  /** Makes a directory and what is missing above it, mode 755. Fails with `not-a-directory`. */
  makeDirectories(path: string, how: NewDirectory): void;
  /** The layer: everything written and the directories it lies in, unsorted. */
  entries(): readonly Entry[];
}

/** Nothing written yet. `base` is never changed. */
export function upperOver(base: FileTree): Upper {
  const written = new Map<string, Entry>();
  /** Paths whose content in the base is gone. */
  const removed = new Set<string>();

  const hidden = (path: string): boolean => {
    if (removed.size === 0) return false;
    for (let at = path; ; at = parentPath(at)) {
      if (removed.has(at)) return true;
      if (at === '') return false;
    }
  };
  const get: Lookup = (path) =>
    written.get(path) ?? (hidden(path) ? undefined : base.get(path)?.entry);

  /** By the path of a file: the hard links to it that were written. */
  const links = new Map<string, Set<string>>();

  /** What goes away may have other names that stay: the first of them becomes the file. */
  const unlink = (path: string): void => {
    const old = written.get(path);
    written.delete(path);
    if (old?.target !== undefined) links.get(old.target)?.delete(path);
    const [heir, ...others] = links.get(path) ?? [];
    links.delete(path);
    if (!old || heir === undefined) return;
    written.set(heir, { ...old, path: heir });
    for (const other of others) {
      const link = written.get(other);
      if (link) written.set(other, { ...link, target: heir });
    }
    links.set(heir, new Set(others));
  };
  const put = (entry: Entry): void => {
    if (entry.type !== 'dir') unlink(entry.path);
    written.set(entry.path, entry);
    if (entry.type !== 'hardlink' || entry.target === undefined) return;
    links.set(entry.target, (links.get(entry.target) ?? new Set()).add(entry.path));
  };

  const makeDirectories = (path: string, how: NewDirectory): void => {
    const found = get(path);
    if (found?.type === 'dir') return;
    if (found) {
      throw new EngineError('not-a-directory', `mkdir /${path}: not a directory`, {
        hint: 'A file is where the build needs a directory.',
      });
    }
    if (path !== '') makeDirectories(parentPath(path), how);
    const { mtime, uid = 0, gid = 0 } = how;
    put({ type: 'dir', path, mode: 0o755, uid, gid, size: 0, mtime });
  };

  return {
    get,
    resolve: (path, root = '') => followIn(get, path, { root }).path,
    isWritten: (path) => written.has(path),
    put,
    remove(path) {
      for (const below of [...written.keys()]) {
        if (below === path || below.startsWith(`${path}/`)) unlink(below);
      }
      if (base.get(path)) removed.add(path);
    },
    makeDirectories,
    entries() {
      const all = new Map(written);
      for (const path of removed) {
        const now = written.get(path);
        const bare = { mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 } as const;
        // A file in its place hides it anyway; a directory must not show what the old one held.
        if (!now) all.set(path, { type: 'whiteout', path, ...bare });
        else if (now.type === 'dir') all.set(`${path}\0`, { type: 'opaque', path, ...bare });
      }
      return withParents(base, [...all.values()]);
    },
  };
}

/**
 * The entries with the directories they lie in, as an overlay's diff has them: copied up from
 * `base` with owner and mode as they are there. The root is never listed.
 */
export function withParents(base: FileTree, entries: readonly Entry[]): readonly Entry[] {
  const paths = new Set(entries.map(({ path }) => path));
  const parents: Entry[] = [];
  for (const { path } of entries) {
    for (let at = parentPath(path); at !== '' && !paths.has(at); at = parentPath(at)) {
      paths.add(at);
      const parent = base.get(at)?.entry;
      if (parent) parents.push(parent);
    }
  }
  return [...entries, ...parents].filter(({ path }) => path !== '');
}
