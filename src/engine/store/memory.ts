import { concat, once } from '../bytes.ts';
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../platform.ts';
import { checkedStream, type Expected } from './checked.ts';
import { memoryBlob } from './memory-blob.ts';
import type { BlobStore, Holds, Records, Store } from './port.ts';

/** A store that lives as long as its owner: for tests, and for a page that keeps nothing. */
export function memoryStore(platform: Platform): Store {
  return { blobs: memoryBlobs(platform), records: memoryRecords(), holds: memoryHolds() };
}

function memoryBlobs(platform: Platform): BlobStore {
  const blobs = new Map<Digest, Uint8Array>();
  return {
    async open(digest) {
      const bytes = blobs.get(digest);
      return bytes && memoryBlob(digest, bytes);
    },
    async put(bytes, expected: Expected = {}) {
      const source = bytes instanceof Uint8Array ? once(bytes) : bytes;
      const checked = checkedStream(platform, source, expected);
      const chunks: Uint8Array[] = [];
      // Copied: a caller may go on using its array.
      for await (const chunk of checked.stream) chunks.push(new Uint8Array(chunk));
      const { digest, size } = checked.result();
      if (!blobs.has(digest)) blobs.set(digest, concat(chunks, size));
      return { digest, size };
    },
    async delete(digest) {
      blobs.delete(digest);
    },
    async *list() {
      for (const [digest, bytes] of [...blobs]) yield { digest, size: bytes.length };
    },
  };
}

function memoryRecords(): Records {
  // Kept as JSON text, so that nobody holds on to a record and changes it behind the store's back.
  const spaces = new Map<string, Map<string, string>>();
  const space = (name: string): Map<string, string> => {
    const found = spaces.get(name) ?? new Map<string, string>();
    spaces.set(name, found);
    return found;
  };
  const parse = (text: string | undefined): unknown =>
    text === undefined ? undefined : JSON.parse(text);
  return {
    async get(name, key) {
      return parse(space(name).get(key));
    },
    async update(name, key, change) {
      const next = change(parse(space(name).get(key)));
      if (next === undefined) space(name).delete(key);
      else space(name).set(key, JSON.stringify(next));
    },
    async *keys(name) {
      yield* [...space(name).keys()].sort();
    },
  };
}

function memoryHolds(): Holds {
  const taken = new Set<string>();
  return {
    async take(name) {
      if (taken.has(name)) return undefined;
      taken.add(name);
      let held = true;
      return {
        async release() {
          if (held) taken.delete(name);
          held = false;
        },
      };
    },
    isTaken: async (name) => taken.has(name),
  };
}
