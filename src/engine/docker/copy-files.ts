import { collect, once } from '../bytes.ts';
import { cleanGoPath } from '../dockerfile/glob.ts';
import { EngineError } from '../errors.ts';
import { archiveOf } from '../containers/copy.ts';
import { assertsDirectory, type CopyTarget, refused, splitPath } from '../containers/copy-plan.ts';
import { leaves } from '../containers/extract.ts';
import { decompressed } from '../images/archive.ts';
import { contentOf } from '../layer/content.ts';
import type { Entry } from '../layer/entry.ts';
import { emptyTree } from '../layer/file-tree.ts';
import { entriesOfTar } from '../layer/from-tar.ts';
import { isWithin, parentPath } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';
import type { CommandContext } from './command.ts';
import type { HostFiles } from './session.ts';

/** The largest archive from standard input: it is kept in memory. */
const MAX_ARCHIVE = 512 * 1024 * 1024;
const MOST_LINKS = 40;

/** A file or folder of the person who typed the command, to be copied. */
export interface LocalSource {
  readonly isDir: boolean;
  /** All of it under this name; '' for a directory's content. */
  entriesAs(name: string): readonly Entry[];
}

/**
 * Looks at a path as Docker's client does: a last link stays a link but where a slash behind it, or
 * `follow`, asks for what it leads to. Errors: `copy-refused`, those of reading.
 */
export async function localSource(
  files: HostFiles,
  path: string,
  follow: boolean,
): Promise<LocalSource> {
  if (assertsDirectory(path) || splitPath(path).name === '..') return localDirectory(files, path);
  let at = path;
  for (let links = 0; links <= MOST_LINKS; links++) {
    const { directory, name } = splitPath(at);
    const tree = await lookInto(files, directory, name, path);
    const entry = tree.get(name)?.entry;
    if (!entry) throw refused(`lstat ${at}: no such file or directory`);
    if (entry.type !== 'symlink' || !follow) {
      return { isDir: entry.type === 'dir', entriesAs: (as) => archiveOf(tree, name, as) };
    }
    const target = entry.target ?? '';
    at = target.startsWith('/') ? target : cleanGoPath(`${directory}/${target}`);
  }
  throw refused(`lstat ${path}: too many levels of symbolic links`);
}

async function localDirectory(files: HostFiles, path: string): Promise<LocalSource> {
  const kind = await files.kind(cleanGoPath(path));
  if (kind === 'none') throw refused(`lstat ${path}: no such file or directory`);
  if (kind === 'file') throw refused('not a directory');
  const { tree } = await files.context(cleanGoPath(path));
  return { isDir: true, entriesAs: (name) => archiveOf(tree, '', name) };
}

/** One name of a directory, with what is below it. */
async function lookInto(
  files: HostFiles,
  directory: string,
  name: string,
  shown: string,
): Promise<FileTree> {
  try {
    return (await files.context(directory, (path) => isWithin(path, name))).tree;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.code === 'context-missing') {
      throw refused(`lstat ${shown}: no such file or directory`);
    }
    if (error.code === 'context-not-dir') throw refused(`lstat ${shown}: not a directory`);
    throw error;
  }
}

/** Where in the folders of the person something is to go. Errors: `copy-refused`. */
export async function localTarget(files: HostFiles, path: string): Promise<CopyTarget> {
  const cleaned = cleanGoPath(path);
  const kind = await files.kind(cleaned);
  if (kind !== 'none') return { path, kind };
  const { directory } = splitPath(cleaned);
  const parent = await files.kind(directory);
  if (parent === 'none') {
    throw refused(`invalid output path: directory ${JSON.stringify(directory)} does not exist`);
  }
  if (parent === 'file') throw refused('not a directory');
  return { path, kind };
}

/** Writes entries into a folder that is there, as Docker's client unpacks them. Errors: `copy-refused`, those of writing. */
export async function writeLocal(
  files: HostFiles,
  directory: string,
  entries: readonly Entry[],
): Promise<void> {
  const within = directory.replace(/\/+$/, '');
  for (const { path, type, target = '' } of entries) {
    if (path === '') continue;
    const shown = cleanGoPath(`${within}/${path}`);
    if (type === 'symlink' && leaves(parentPath(path), target)) {
      throw refused(`invalid symlink ${JSON.stringify(shown)} -> ${JSON.stringify(target)}`);
    }
    const kind = await files.kind(shown);
    if (kind === 'dir' && type !== 'dir') {
      throw refused(`cannot overwrite directory "${shown}" with non-directory "${within}"`);
    }
    if (kind === 'file' && type === 'dir') {
      throw refused(`cannot overwrite non-directory "${shown}" with directory "${within}"`);
    }
  }
  const named = entries.filter(({ path }) => path !== '');
  await files.writeTree(directory, emptyTree.apply(named));
}

/** An archive from standard input, compressed or not. Errors: those of reading a tar. */
export async function archiveFromInput({
  engine,
  session,
}: CommandContext): Promise<readonly Entry[]> {
  try {
    const bytes = await collect(session.stdin, MAX_ARCHIVE);
    if (bytes.length === 0) return [];
    const plain = await decompressed(engine, once(bytes), session.signal);
    const archive = contentOf(await collect(plain, MAX_ARCHIVE));
    return await entriesOfTar(archive, { whiteouts: 'keep' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EngineError('archive-too-large', `the archive is larger than ${MAX_ARCHIVE} bytes`);
  }
}
