import { beforeEach, describe, expect, it } from 'vitest';
import { collect, utf8 } from '../bytes.ts';
import type { ImageSource } from '../images/source.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import { portablePlatform } from '../portable.ts';
import { openBlob } from './layered.ts';
import { memoryStore } from './memory.ts';
import type { BlobReader, Store } from './port.ts';

const platform = portablePlatform({ now: () => 0, randomHex: (digits) => '0'.repeat(digits) });
const bytes = utf8('layer');
const digest = digestOf(platform, bytes);

function source(blobs: BlobReader): ImageSource {
  return { name: 'test', blobs, list: async () => [], resolve: async () => undefined };
}
const failing: BlobReader = {
  open: () => Promise.reject(new Error('the server is gone')),
};

describe('a blob is opened', () => {
  let store: Store;
  let pantry: Store;
  let asked: Digest[];
  let watched: ImageSource;
  beforeEach(() => {
    store = memoryStore(platform);
    pantry = memoryStore(platform);
    asked = [];
    watched = source({
      open: (wanted) => {
        asked.push(wanted);
        return pantry.blobs.open(wanted);
      },
    });
  });

  it('from the store, without asking a source', async () => {
    await store.blobs.put(bytes);
    const blob = await openBlob({ store, sources: [watched] }, digest);
    expect(await collect(blob.stream())).toEqual(bytes);
    expect(asked).toEqual([]);
  });

  it('from the first source that has it, when the store has not', async () => {
    await pantry.blobs.put(bytes);
    const empty = source(memoryStore(platform).blobs);
    const sources = [empty, watched, source(failing)];
    expect((await openBlob({ store, sources }, digest)).size).toBe(5);
    expect(asked).toEqual([digest]);
  });

  it('from another source, when one fails', async () => {
    await pantry.blobs.put(bytes);
    const sources = [source(failing), watched];
    expect((await openBlob({ store, sources }, digest)).size).toBe(5);
  });

  it('or is missing: nobody has it', async () => {
    for (const sources of [[], [watched]]) {
      await expect(openBlob({ store, sources }, digest)).rejects.toMatchObject({
        code: 'blob-missing',
        message: `content digest ${digest}: not found`,
      });
    }
  });

  it('or cannot be had: the one who may have it fails', async () => {
    const sources = [source(failing), watched];
    await expect(openBlob({ store, sources }, digest)).rejects.toThrow('the server is gone');
  });
});
