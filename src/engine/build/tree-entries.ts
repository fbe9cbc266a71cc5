import type { Entry } from '../layer/entry.ts';
import { isWithin, parentPath } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';

/**
 * A tree as entries again: parents first, further names of a file as hard links to the first that
 * is kept. Directories above something that is kept come along.
 */
export function entriesOfTree(
  tree: FileTree,
  keep: (entry: Entry) => boolean = () => true,
): readonly Entry[] {
  const kept = new Map<string, Entry>();
  const links: Entry[] = [];
  const firstOf = new Map<number, string>();
  for (const { entry, inode } of tree.walk()) {
    if (!keep(entry)) continue;
    const above: Entry[] = [];
    for (let at = parentPath(entry.path); at !== '' && !kept.has(at); at = parentPath(at)) {
      const parent = tree.get(at)?.entry;
      if (parent) above.unshift(parent);
    }
    for (const parent of above) kept.set(parent.path, parent);
    const first = entry.type === 'dir' ? undefined : firstOf.get(inode);
    if (first === undefined) {
      firstOf.set(inode, entry.path);
      kept.set(entry.path, entry);
    } else links.push(linkTo(entry, first));
  }
  return [...kept.values(), ...links];
}

/** The entry as a further name of the file at `target`. */
export function linkTo(entry: Entry, target: string): Entry {
  const { type, path, mode, uid, gid, mtime, xattrs } = { ...entry, type: 'hardlink' as const };
  return { type, path, mode, uid, gid, mtime, size: 0, target, ...(xattrs && { xattrs }) };
}

/** What lies below a directory, as if the directory were the root; the root's own entry is the first. */
export function entriesBelow(tree: FileTree, directory: string): readonly Entry[] {
  const root = tree.get(directory)?.entry;
  const cut = (path: string): string =>
    directory === '' ? path : path.slice(directory.length + 1);
  const isBelow = ({ path }: Entry): boolean => path !== directory && isWithin(path, directory);
  const moved = entriesOfTree(tree, isBelow)
    .filter(isBelow)
    .map((entry) => ({
      ...entry,
      path: cut(entry.path),
      ...(entry.type === 'hardlink' && { target: cut(entry.target ?? '') }),
    }));
  return [...(root ? [{ ...root, path: '' }] : []), ...moved];
}
