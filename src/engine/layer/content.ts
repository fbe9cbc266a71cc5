import { once } from '../bytes.ts';
import type { Digest } from '../oci/digest.ts';
import type { Content } from './entry.ts';

/** Content from memory. The bytes must not change afterwards. */
export function contentOf(bytes: Uint8Array, digest?: Digest): Content {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    stream: () => once(bytes),
    ...(digest && { digest }),
  };
}

const PIECE = 1024 * 1024;

/** Content that can be read anywhere, as a stream of pieces. */
export async function* streamByReading(
  content: Pick<Content, 'size' | 'read'>,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.size; at += PIECE) {
    const length = Math.min(PIECE, content.size - at);
    const piece = await content.read(at, length);
    if (piece.length !== length)
      throw new Error(`content ends at ${at + piece.length} of ${content.size}`);
    yield piece;
  }
}

/** A range of something larger, such as a file in a tar archive. */
export function sliceOf(
  whole: { read(offset: number, length: number): Promise<Uint8Array> },
  start: number,
  size: number,
): Content {
  const slice = {
    size,
    async read(offset: number, length: number): Promise<Uint8Array> {
      const from = Math.min(Math.max(offset, 0), size);
      const count = Math.min(length, size - from);
      return count <= 0 ? new Uint8Array(0) : whole.read(start + from, count);
    },
  };
  return { ...slice, stream: () => streamByReading(slice) };
}
