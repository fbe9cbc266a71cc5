import { concat, type ByteStream } from '../bytes.ts';
import type { Content } from '../layer/entry.ts';

/** Reads forward through an archive: a stream, or a blob in which content can be jumped over. */
export interface Cursor {
  readonly position: number;
  /** Exactly `length` bytes, fewer only at the end. */
  read(length: number): Promise<Uint8Array>;
  /** Some bytes, at most `max`, none only at the end. */
  some(max: number): Promise<Uint8Array>;
  /** False when the end came first. */
  skip(length: number): Promise<boolean>;
  close(): Promise<void>;
}

const NONE = new Uint8Array(0);

/** Over bytes as they come: what is skipped is read, and thrown away. */
export function streamCursor(stream: ByteStream): Cursor {
  const iterator = stream[Symbol.asyncIterator]();
  let chunk: Uint8Array = NONE;
  let at = 0;
  let position = 0;
  let ended = false;

  async function some(max: number): Promise<Uint8Array> {
    while (at === chunk.length && !ended) {
      const next = await iterator.next();
      if (next.done === true) ended = true;
      else chunk = next.value;
      at = 0;
      if (ended) chunk = NONE;
    }
    const piece = chunk.subarray(at, Math.min(chunk.length, at + max));
    at += piece.length;
    position += piece.length;
    return piece;
  }

  return {
    get position() {
      return position;
    },
    some,
    read: (length) => exactly(some, length),
    async skip(length) {
      let left = length;
      while (left > 0) {
        const piece = await some(left);
        if (piece.length === 0) return false;
        left -= piece.length;
      }
      return true;
    },
    async close() {
      if (!ended) await iterator.return?.();
      ended = true;
    },
  };
}

/** As many bytes as `length`, fewer only at the end. */
async function exactly(
  some: (max: number) => Promise<Uint8Array>,
  length: number,
): Promise<Uint8Array> {
  const first = await some(length);
  if (first.length === length) return first;
  const pieces = [first];
  let have = first.length;
  while (have < length) {
    const piece = await some(length - have);
    if (piece.length === 0) break;
    pieces.push(piece);
    have += piece.length;
  }
  return concat(pieces, have);
}

const WINDOW = 128 * 1024;

/** Over bytes that can be read anywhere: skipped content is never fetched. */
export function contentCursor(content: Content): Cursor {
  let window: Uint8Array = NONE;
  let windowAt = 0;
  let position = 0;

  async function some(max: number): Promise<Uint8Array> {
    if (position >= content.size) return NONE;
    let from = position - windowAt;
    if (from < 0 || from >= window.length) {
      window = await content.read(position, Math.min(WINDOW, content.size - position));
      windowAt = position;
      from = 0;
    }
    const piece = window.subarray(from, Math.min(window.length, from + max));
    position += piece.length;
    return piece;
  }

  return {
    get position() {
      return position;
    },
    some,
    read: (length) => exactly(some, length),
    async skip(length) {
      if (position + length > content.size) {
        position = content.size;
        return false;
      }
      position += length;
      return true;
    },
    async close() {
      // Nothing is held open.
    },
  };
}
