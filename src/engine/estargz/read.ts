import { type ByteStream, collect } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import type { ByteCache } from '../layer/byte-cache.ts';
import { contentOf, streamByReading } from '../layer/content.ts';
import type { Content } from '../layer/entry.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import type { Platform } from '../platform.ts';
import type { Blob } from '../store/port.ts';
import { readTar } from '../tar/reader.ts';
import { FOOTER_SIZE, readFooter, TOC_NAME } from './format.ts';
import { type Chunk, parseToc, type TocFile } from './toc.ts';

/** One read of the end of a blob fetches the footer and, of all but the largest layers, the table. */
const TAIL = 256 * 1024;
/** A table is parsed in memory: some 250,000 files. */
const TOC_BYTES = 64 * 1024 * 1024;

/**
 * The files of an eStargz blob by its table of contents, which must have the digest given. Reads
 * the end of the blob only. Undefined when the blob has no footer. Errors: EngineError `toc-invalid`;
 * the blob may be damaged then, and is asked to forget what it has read.
 */
export async function readEstargz(
  blob: Blob,
  platform: Platform,
  tocDigest: Digest,
): Promise<readonly TocFile[] | undefined> {
  if (blob.size < FOOTER_SIZE) return undefined;
  try {
    return await readTable(blob, platform, tocDigest);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'toc-invalid') blob.forget?.();
    throw error;
  }
}

async function readTable(
  blob: Blob,
  platform: Platform,
  tocDigest: Digest,
): Promise<readonly TocFile[] | undefined> {
  const tailStart = Math.max(0, blob.size - TAIL);
  const tail = await blob.read(tailStart, blob.size - tailStart);
  const tocStart = readFooter(tail.subarray(tail.length - FOOTER_SIZE));
  if (tocStart === undefined) return undefined;
  const tocEnd = blob.size - FOOTER_SIZE;
  if (tocStart >= tocEnd) throw invalid('it begins behind its end');
  const compressed = async function* (): ByteStream {
    if (tocStart < tailStart) yield* ranges(blob, tocStart, Math.min(tailStart, tocEnd));
    yield tail.subarray(Math.max(tocStart, tailStart) - tailStart, tail.length - FOOTER_SIZE);
  };
  const json = await readJson(platform.gunzip(compressed()));
  if (digestOf(platform, json) !== tocDigest) throw invalid('it does not match its digest');
  return parseToc(json, tocStart);
}

function invalid(why: string, cause?: unknown): EngineError {
  return new EngineError('toc-invalid', `invalid eStargz table of contents: ${why}`, { cause });
}

async function readJson(archive: ByteStream): Promise<Uint8Array> {
  try {
    for await (const entry of readTar(archive, { entries: 1, fileBytes: TOC_BYTES })) {
      if (entry.header.name === TOC_NAME) return await collect(entry.content());
    }
  } catch (cause) {
    if (cause instanceof EngineError) throw invalid(cause.message, cause);
    throw cause;
  }
  throw invalid(`no ${TOC_NAME} where the footer says`);
}

async function* ranges(blob: Blob, start: number, end: number): ByteStream {
  for (let at = start; at < end; at += TAIL) yield await blob.read(at, Math.min(TAIL, end - at));
}

/**
 * A file's content, chunk by chunk from the blob, each checked against its digest in the table.
 * Reads reject with `blob-corrupt`.
 */
export function fileContent(
  file: TocFile,
  blob: Blob,
  { platform, cache }: { readonly platform: Platform; readonly cache: ByteCache },
): Content {
  const { chunks } = file;
  const [only] = chunks;
  if (!only) return contentOf(new Uint8Array(0));

  async function load(chunk: Chunk): Promise<Uint8Array> {
    const key = `${blob.digest} ${chunk.start}+${chunk.inner}`;
    const held = cache.get(key);
    if (held) return held;
    const bytes = await inflateChunk(blob, platform, chunk);
    cache.set(key, bytes);
    return bytes;
  }

  const range = {
    size: file.header.size,
    async read(offset: number, length: number): Promise<Uint8Array> {
      const from = Math.min(Math.max(offset, 0), file.header.size);
      const to = Math.min(from + length, file.header.size);
      if (to <= from) return new Uint8Array(0);
      const result = new Uint8Array(to - from);
      for (let index = chunkAt(chunks, from); ; index++) {
        const chunk = chunks[index];
        if (!chunk || chunk.offset >= to) return result;
        const bytes = await load(chunk);
        const begin = Math.max(from - chunk.offset, 0);
        result.set(bytes.subarray(begin, to - chunk.offset), chunk.offset + begin - from);
      }
    },
  };
  // Of a file in several chunks the table's digest of the whole would be trusted unchecked.
  return {
    ...range,
    stream: () => streamByReading(range),
    ...(chunks.length === 1 && { digest: only.digest }),
  };
}

/** The last chunk that begins at or before `offset`. */
function chunkAt(chunks: readonly Chunk[], offset: number): number {
  let low = 0;
  let high = chunks.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((chunks[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

async function inflateChunk(blob: Blob, platform: Platform, chunk: Chunk): Promise<Uint8Array> {
  const bytes = new Uint8Array(chunk.size);
  let skip = chunk.inner;
  let have = 0;
  try {
    // Stops when it has enough: what follows in the member may be anything, of any size.
    for await (const piece of platform.gunzip(ranges(blob, chunk.start, chunk.end))) {
      const rest = piece.subarray(Math.min(skip, piece.length));
      skip -= piece.length - rest.length;
      const part = rest.subarray(0, chunk.size - have);
      bytes.set(part, have);
      have += part.length;
      if (have === chunk.size) break;
    }
  } catch (cause) {
    if (cause instanceof EngineError && cause.code === 'gzip-corrupt') throw corrupt(blob, cause);
    throw cause;
  }
  if (have < chunk.size || digestOf(platform, bytes) !== chunk.digest) throw corrupt(blob);
  return bytes;
}

/** The blob forgets what it has read, so that the next read may be right. */
function corrupt(blob: Blob, cause?: unknown): EngineError {
  blob.forget?.();
  return new EngineError(
    'blob-corrupt',
    `layer ${blob.digest} does not hold what its table of contents says`,
    { cause },
  );
}
