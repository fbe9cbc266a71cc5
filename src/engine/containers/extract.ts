import { type Upper, upperOver } from '../build/upper.ts';
import { EngineError } from '../errors.ts';
import type { Entry } from '../layer/entry.ts';
import { baseName, joinPath, parentPath, rootedPath } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';

export interface Extraction {
  /** Followed, as in `Entry`; a directory that is there. */
  readonly directory: string;
  /** Names in the archive: paths relative to the directory, not cleaned. */
  readonly entries: readonly Entry[];
  /** Milliseconds since 1970: directories that are missing are made now. */
  readonly now: number;
  /** Everything belongs to them, rather than to whom the archive says. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/**
 * The layer that unpacking an archive in a directory of a tree makes, by Docker's rules: directories are merged, and
 * never replace something else nor are replaced; nothing leaves the directory, by its name or by a
 * link. Errors: EngineError `copy-conflict`, `path-escape`, worded as Docker's.
 */
export function extracted(tree: FileTree, extraction: Extraction): readonly Entry[] {
  const upper = upperOver(tree);
  for (const entry of extraction.entries) extractOne(upper, extraction, entry);
  return upper.entries();
}

function extractOne(upper: Upper, extraction: Extraction, given: Entry): void {
  const { directory, now, owner } = extraction;
  const shown = `/${directory}`;
  const wanted = below(directory, given.path);
  if (wanted === undefined) throw escape(`${JSON.stringify(given.path)} is outside of "${shown}"`);
  if (wanted === directory && given.type !== 'dir') {
    throw conflict(`cannot overwrite directory "${shown}" with non-directory "${shown}"`);
  }
  const parent = upper.resolve(parentPath(wanted));
  if (wanted !== directory) upper.makeDirectories(parent, { mtime: now / 1000 });
  const path = wanted === directory ? directory : joinPath(parent, baseName(wanted));
  const old = upper.get(path);
  if (old && wanted !== directory) {
    if (old.type === 'dir' && given.type !== 'dir') {
      throw conflict(`cannot overwrite directory "/${path}" with non-directory "${shown}"`);
    }
    if (old.type !== 'dir' && given.type === 'dir') {
      throw conflict(`cannot overwrite non-directory "/${path}" with directory "${shown}"`);
    }
    if (old.type !== 'dir') upper.remove(path);
  }
  if (path === '') return;
  const entry = { ...given, path, ...(owner && { uid: owner.uid, gid: owner.gid }) };
  upper.put(
    entry.type === 'hardlink' ? linked(upper, extraction, entry) : checkLink(extraction, entry),
  );
}

/** A link may lead anywhere by an absolute path, which means nothing outside, but not upwards out of the directory. */
function checkLink({ directory }: Extraction, entry: Entry): Entry {
  if (entry.type !== 'symlink') return entry;
  const target = entry.target ?? '';
  const inside = entry.path.slice(directory.length).replace(/^\//, '');
  if (leaves(parentPath(inside), target)) {
    throw escape(`invalid symlink "/${entry.path}" -> ${JSON.stringify(target)}`);
  }
  return entry;
}

/** Whether a link target leads out of the directory that `from`, where the link is, is relative to. */
export function leaves(from: string, target: string): boolean {
  let depth = from === '' ? 0 : from.split('/').length;
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    depth += part === '..' ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}

function linked(upper: Upper, { directory }: Extraction, entry: Entry): Entry {
  const target = below(directory, entry.target ?? '');
  const path = target === undefined ? undefined : upper.resolve(parentPath(target));
  if (target === undefined || path === undefined) {
    throw escape(`invalid hardlink "/${entry.path}" -> ${JSON.stringify(entry.target)}`);
  }
  const at = joinPath(path, baseName(target));
  const file = upper.get(at);
  if (!file || file.type === 'dir') {
    throw conflict(`link /${at} /${entry.path}: no such file or directory`);
  }
  // A file of the image must be in the layer when it gets another name there.
  if (!upper.isWritten(at)) upper.put(file);
  return { ...entry, target: at };
}

/** The path in the directory that an archive's name means; undefined when it leaves it. */
function below(directory: string, name: string): string | undefined {
  if (leaves('', name)) return undefined;
  return joinPath(directory, rootedPath(name));
}

function conflict(message: string): EngineError {
  return new EngineError('copy-conflict', message);
}

function escape(message: string): EngineError {
  return new EngineError('path-escape', message);
}
