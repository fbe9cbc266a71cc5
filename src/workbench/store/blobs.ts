import { type ByteStream, once } from '../../engine/bytes.ts';
import { EngineError } from '../../engine/errors.ts';
import { type Digest, digestBy, isDigest } from '../../engine/oci/digest.ts';
import type { Platform } from '../../engine/platform.ts';
import { checkedStream, type Expected } from '../../engine/store/checked.ts';
import type { BlobStore, Blob as StoredBlob } from '../../engine/store/port.ts';
import { rangeWithin } from '../../engine/store/range.ts';
import { type Database, transact } from './indexed-db.ts';
import { storeError } from './store-error.ts';

export const BLOBS = 'blobs';

/** Chunks are gathered up to this before they go into a Blob, which the browser may keep on its disk. */
const GATHERED = 4 * 1024 * 1024;
const SLICE = 1024 * 1024;

/** Blobs as the browser's own `Blob`s, one per digest: read in ranges without loading the rest. */
export function browserBlobs(database: Database, platform: Platform): BlobStore {
  const verified = new Map<Digest, Promise<void>>();

  const find = async (digest: Digest): Promise<Blob | undefined> => {
    const found = await transact<unknown>(database, BLOBS, 'readonly', (objects, done) => {
      const request = objects.get(digest);
      request.onsuccess = () => {
        done(request.result);
      };
    });
    return found instanceof Blob ? found : undefined;
  };

  const verify = (digest: Digest, blob: Blob): Promise<void> => {
    const running = verified.get(digest);
    if (running) return running;
    const check = (async () => {
      const hasher = platform.sha256();
      for await (const chunk of slices(blob)) hasher.update(chunk);
      if (digestBy(hasher) === digest) return;
      throw new EngineError('blob-corrupt', `blob ${digest} is damaged in the browser's storage`, {
        hint: 'Delete this site’s data in the browser, then start again.',
      });
    })();
    verified.set(digest, check);
    check.catch(() => verified.delete(digest));
    return check;
  };

  const stored = (digest: Digest, blob: Blob): StoredBlob => ({
    digest,
    size: blob.size,
    async read(offset, length) {
      const { start, end } = rangeWithin(blob.size, offset, length);
      await verify(digest, blob);
      return bytesOf(blob, start, end);
    },
    async *stream() {
      await verify(digest, blob);
      yield* slices(blob);
    },
  });

  return {
    async open(digest) {
      const blob = await find(digest);
      return blob && stored(digest, blob);
    },
    async put(bytes, expected: Expected = {}) {
      const source = bytes instanceof Uint8Array ? once(bytes) : bytes;
      const checked = checkedStream(platform, source, expected);
      const blob = await gather(checked.stream);
      const named = checked.result();
      try {
        await transact<true>(database, BLOBS, 'readwrite', (objects, done) => {
          done(true);
          objects.put(blob, named.digest);
        });
      } catch (error) {
        throw storeError(error);
      }
      return named;
    },
    async delete(digest) {
      verified.delete(digest);
      await transact<true>(database, BLOBS, 'readwrite', (objects, done) => {
        done(true);
        objects.delete(digest);
      });
    },
    async *list() {
      const keys = await transact<readonly unknown[]>(
        database,
        BLOBS,
        'readonly',
        (objects, done) => {
          const request = objects.getAllKeys();
          request.onsuccess = () => {
            done(request.result);
          };
        },
      );
      for (const key of keys) {
        if (typeof key !== 'string' || !isDigest(key)) continue;
        const blob = await find(key);
        if (blob) yield { digest: key, size: blob.size };
      }
    },
  };
}

/** Copied as it comes: a caller may go on using its arrays. */
async function gather(stream: ByteStream): Promise<Blob> {
  let parts: (Blob | Uint8Array<ArrayBuffer>)[] = [];
  let waiting = 0;
  for await (const chunk of stream) {
    parts.push(new Uint8Array(chunk));
    waiting += chunk.length;
    if (waiting < GATHERED) continue;
    parts = [new Blob(parts)];
    waiting = 0;
  }
  return new Blob(parts);
}

async function* slices(blob: Blob): ByteStream {
  for (let at = 0; at < blob.size; at += SLICE) {
    yield await bytesOf(blob, at, Math.min(at + SLICE, blob.size));
  }
}

async function bytesOf(blob: Blob, start: number, end: number): Promise<Uint8Array> {
  if (start === end) return new Uint8Array(0);
  return new Uint8Array(await blob.slice(start, end).arrayBuffer());
}
