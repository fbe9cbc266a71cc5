import { collect, concat, type ByteStream } from '../bytes.ts';
import { compressionOf } from '../compression.ts';
import { EngineError } from '../errors.ts';
import { contentOf } from '../layer/content.ts';
import type { Content, Entry } from '../layer/entry.ts';
import { entriesOfTar } from '../layer/from-tar.ts';
import { baseName, joinPath, parentPath } from '../layer/path.ts';
import type { Platform } from '../platform.ts';
import { BLOCK, checksums } from '../tar/format.ts';
import type { NewDirectory, Upper } from './upper.ts';

/** A compressed archive is unpacked in memory: more than this is refused. */
const LARGEST_UNPACKED = 1024 * 1024 * 1024;

/**
 * The entries of a local archive that ADD unpacks: tar, or tar in gzip, told by its first bytes
 * and not by its name. Undefined when it is an ordinary file. Owners and modes are the archive's own.
 * Errors: `compression-unsupported` for tar in bzip2, xz or zstd, those of gunzip and of reading tar.
 */
export async function archiveEntries(
  content: Content,
  platform: Platform,
): Promise<readonly Entry[] | undefined> {
  const head = await content.read(0, BLOCK);
  if (isTar(head)) return entriesOfTar(content, { whiteouts: 'keep' });
  const compression = compressionOf(head);
  if (compression === undefined) return undefined;
  if (compression === 'gzip') {
    const start = await firstBlock(platform.gunzip(content.stream()));
    if (!start || !isTar(start)) return undefined;
    const bytes = await collect(platform.gunzip(content.stream()), LARGEST_UNPACKED);
    return entriesOfTar(contentOf(bytes), { whiteouts: 'keep' });
  }
  throw new EngineError(
    'compression-unsupported',
    `ADD cannot unpack ${compression} here; it unpacks tar and tar in gzip`,
    { hint: 'Compress the archive with gzip, or use COPY to take the file as it is.' },
  );
}

/** By the header's checksum, so that old archives without a magic word count too. */
function isTar(block: Uint8Array): boolean {
  if (block.length < BLOCK) return false;
  const field = new TextDecoder('latin1').decode(block.subarray(148, 156));
  const [octal] = /^ *[0-7]+/.exec(field) ?? [];
  if (octal === undefined) return false;
  return checksums(block).unsigned === parseInt(octal, 8);
}

async function firstBlock(stream: ByteStream): Promise<Uint8Array | undefined> {
  let head: Uint8Array = new Uint8Array(0);
  try {
    for await (const chunk of stream) {
      head = concat([head, chunk]);
      if (head.length >= BLOCK) return head;
    }
  } catch (error) {
    // A file that only begins like gzip is copied as it is, as Docker does.
    if (!(error instanceof EngineError)) throw error;
  }
  return undefined;
}

/**
 * Unpacks into the directory `destination` (made when missing), which the archive cannot leave: to
 * it, that directory is the root. What is there is replaced; directories are merged.
 */
export function unpackInto(
  upper: Upper,
  entries: readonly Entry[],
  destination: string,
  made: NewDirectory,
  epoch: number | undefined,
): void {
  const root = upper.resolve(destination);
  upper.makeDirectories(root, made);
  for (const entry of entries) {
    // The archive's own root says nothing about a directory that is there by now.
    if (entry.path === '') continue;
    const mtime = epoch ?? entry.mtime;
    const parent = upper.resolve(parentPath(entry.path), root);
    upper.makeDirectories(parent, { mtime });
    const path = joinPath(parent, baseName(entry.path));
    const existing = upper.get(path);
    const merges = existing?.type === 'dir' && entry.type === 'dir';
    if (existing && !merges) upper.remove(path);
    if (entry.type === 'hardlink') {
      upper.put({ ...entry, path, mtime, target: linkTarget(upper, root, entry) });
    } else upper.put({ ...entry, path, mtime });
  }
}

function linkTarget(upper: Upper, root: string, entry: Entry): string {
  const target = entry.target ?? '';
  const parent = upper.resolve(parentPath(target), root);
  const path = joinPath(parent, baseName(target));
  const found = upper.get(path);
  if (found && found.type !== 'dir') {
    if (found.type === 'hardlink') return found.target ?? path;
    // A file of the image below comes up into this layer with its new name.
    if (!upper.isWritten(path)) upper.put(found);
    return path;
  }
  throw new EngineError('link-target-missing', `hard link /${entry.path} to a missing /${target}`, {
    hint: 'The archive is damaged, or names a file that comes later in it.',
  });
}
