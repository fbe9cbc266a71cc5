import type { ByteStream } from '../bytes.ts';
import type { Platform } from '../platform.ts';
import type { Blob } from '../store/port.ts';
import type { ByteCache } from './byte-cache.ts';

/** The decompressed bytes of a gzip blob, readable anywhere without keeping them all. */
export interface Inflated {
  /** Decompresses from the beginning, and remembers on the way as much as the cache holds. */
  stream(): ByteStream;
  /**
   * Any range. What the cache has lost is decompressed again: reading forwards goes on where the
   * last read stopped, reading backwards starts over.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

const BLOCK = 256 * 1024;

/** Reads and streams reject with `gzip-corrupt`. The cache's keys begin with the blob's digest. */
export function inflate(blob: Blob, platform: Platform, cache: ByteCache): Inflated {
  let cursor:
    { readonly blocks: AsyncGenerator<Uint8Array, void, undefined>; next: number } | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  async function* blocks(): AsyncGenerator<Uint8Array, void, undefined> {
    let block = new Uint8Array(BLOCK);
    let used = 0;
    for await (const chunk of platform.gunzip(blob.stream())) {
      for (let at = 0; at < chunk.length;) {
        const part = chunk.subarray(at, at + BLOCK - used);
        block.set(part, used);
        used += part.length;
        at += part.length;
        if (used < BLOCK) continue;
        yield block;
        block = new Uint8Array(BLOCK);
        used = 0;
      }
    }
    if (used > 0) yield block.subarray(0, used);
  }

  const keyOf = (index: number): string => `${blob.digest} ${index}`;

  async function blockAt(index: number): Promise<Uint8Array> {
    const held = cache.get(keyOf(index));
    if (held) return held;
    if (!cursor || cursor.next > index) {
      await cursor?.blocks.return();
      cursor = { blocks: blocks(), next: 0 };
    }
    for (;;) {
      const at = cursor.next;
      const step = await cursor.blocks.next();
      if (step.done === true) {
        cursor = undefined;
        return new Uint8Array(0);
      }
      cursor.next += 1;
      cache.set(keyOf(at), step.value);
      if (at === index) return step.value;
    }
  }

  async function readNow(offset: number, length: number): Promise<Uint8Array> {
    const joined = new Uint8Array(length);
    let have = 0;
    while (have < length) {
      const block = await blockAt(Math.floor((offset + have) / BLOCK));
      const part = block.subarray((offset + have) % BLOCK).subarray(0, length - have);
      if (part.length === 0) break;
      joined.set(part, have);
      have += part.length;
    }
    return joined.subarray(0, have);
  }

  return {
    async *stream() {
      let index = 0;
      for await (const block of blocks()) {
        cache.set(keyOf(index), block);
        index += 1;
        yield block;
      }
    },
    // One after the other: they share the cursor.
    read(offset, length) {
      const result = queue.then(() => readNow(offset, length));
      queue = result.catch(() => {
        // The next read starts over.
        cursor = undefined;
      });
      return result;
    },
  };
}
