import type { ByteStream } from '../bytes.ts';
import type { Entry } from '../layer/entry.ts';
import { encodeHeader, type HeaderOptions } from './encode-header.ts';
import { BLOCK, paddingOf, ZERO_BLOCK } from './format.ts';

/**
 * An uncompressed archive of the entries in the order given, ended by two blocks of zeros.
 * Deterministic. Rejects with `whiteout-invalid` when a file's name would read back as a whiteout;
 * throws plainly when a file's content is not as long as it says.
 */
export async function* writeTar(
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  options: HeaderOptions = {},
): ByteStream {
  // Headers and small files leave in pieces worth hashing and writing, not 512 bytes at a time.
  let buffer = new Uint8Array(PIECE);
  let used = 0;
  for await (const entry of entries) {
    for await (const part of entryParts(entry, options)) {
      if (part.length > PIECE - used) {
        if (used > 0) yield buffer.subarray(0, used);
        buffer = new Uint8Array(PIECE);
        used = 0;
      }
      if (part.length > PIECE / 2) {
        // Order: what was buffered has to leave first.
        if (used > 0) yield buffer.subarray(0, used);
        if (used > 0) buffer = new Uint8Array(PIECE);
        used = 0;
        yield part;
      } else {
        buffer.set(part, used);
        used += part.length;
      }
    }
  }
  if (used > 0) yield buffer.subarray(0, used);
  yield new Uint8Array(2 * BLOCK);
}

const PIECE = 64 * 1024;

async function* entryParts(entry: Entry, options: HeaderOptions): ByteStream {
  yield encodeHeader(entry, options);
  if (entry.type !== 'file') return;
  yield* checkedContent(entry);
  yield ZERO_BLOCK.subarray(0, paddingOf(entry.size));
}

/** A file's content, exactly as long as its entry says. */
export async function* checkedContent(entry: Entry): ByteStream {
  if (!entry.content) throw new Error(`file without content: ${entry.path}`);
  let length = 0;
  for await (const chunk of entry.content.stream()) {
    length += chunk.length;
    if (length > entry.size) break;
    yield chunk;
  }
  if (length !== entry.size) {
    throw new Error(`content of ${entry.path} is not ${entry.size} bytes long`);
  }
}
