import type { ByteStream } from '../bytes.ts';
import type { Digest } from '../oci/digest.ts';
import type { Blob } from './port.ts';
import { rangeWithin } from './range.ts';

/** A blob whose bytes are in memory, and checked. Readers get copies: what they do to them does not matter. */
export function memoryBlob(digest: Digest, bytes: Uint8Array): Blob {
  return {
    digest,
    size: bytes.length,
    async read(offset, length) {
      const { start, end } = rangeWithin(bytes.length, offset, length);
      return bytes.slice(start, end);
    },
    stream: () => slices(bytes),
  };
}

const SLICE = 1024 * 1024;

async function* slices(bytes: Uint8Array): ByteStream {
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.slice(at, at + SLICE);
}
