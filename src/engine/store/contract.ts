import { beforeEach, describe, expect, it } from 'vitest';
import { type ByteStream, collect, utf8 } from '../bytes.ts';
import { type Digest, digestOf, parseDigest } from '../oci/digest.ts';
import { portablePlatform } from '../portable.ts';
import type { Blob, BlobReader, Store } from './port.ts';

/** A store under test, with nothing in it. `reopen` gives another view of the same data, where it outlives its first. */
export interface StoreUnderTest {
  readonly store: Store;
  reopen?(): Promise<Store>;
}

const platform = portablePlatform({ now: () => 0, randomHex: (digits) => '0'.repeat(digits) });
const digest = (bytes: Uint8Array): Digest => digestOf(platform, bytes);

const SAMPLES: readonly (readonly [string, Uint8Array])[] = [
  ['an empty blob', new Uint8Array(0)],
  ['a small blob', utf8('sem distro')],
  ['a blob of 3 MB', pattern(3_000_017)],
];
const ABSENT = parseDigest(`sha256:${'0123456789abcdef'.repeat(4)}`);

/** What every `BlobReader` must do; `make` gives one that holds exactly these blobs. */
export function describeBlobReader(
  name: string,
  make: (blobs: readonly Uint8Array[]) => Promise<BlobReader>,
): void {
  describe(`${name}, as a reader of blobs`, () => {
    let reader: BlobReader;
    beforeEach(async () => {
      reader = await make(SAMPLES.map(([, bytes]) => bytes));
    });
    const opened = async (bytes: Uint8Array): Promise<Blob> => {
      const blob = await reader.open(digest(bytes));
      if (!blob) throw new Error('the blob is not there');
      return blob;
    };

    it('has no blob that nobody put', async () => {
      expect(await reader.open(ABSENT)).toBeUndefined();
    });

    describe.each(SAMPLES)('%s', (_, bytes) => {
      const half = Math.floor(bytes.length / 2);

      it('knows its digest and size', async () => {
        const blob = await opened(bytes);
        expect([blob.digest, blob.size]).toEqual([digest(bytes), bytes.length]);
      });

      it('streams, more than once', async () => {
        const blob = await opened(bytes);
        expect(digest(await collect(blob.stream()))).toBe(digest(bytes));
        expect(digest(await collect(blob.stream()))).toBe(digest(bytes));
      });

      it('can be left in the middle of a stream', async () => {
        const blob = await opened(bytes);
        for await (const chunk of blob.stream()) {
          expect(chunk.length).toBeGreaterThan(0);
          break;
        }
        expect(digest(await collect(blob.stream()))).toBe(digest(bytes));
      });

      it.each([
        ['all of it', 0, bytes.length],
        ['its beginning', 0, Math.min(4, bytes.length)],
        ['its middle', half, Math.min(1000, bytes.length - half)],
        ['beyond its end', half, bytes.length * 2 + 1],
        ['from its end', bytes.length, 10],
        ['from far behind its end', bytes.length + 1000, 10],
        ['nothing', half, 0],
      ])('reads %s', async (_name, offset, length) => {
        const blob = await opened(bytes);
        const part = await blob.read(offset, length);
        expect(digest(part)).toBe(digest(bytes.subarray(offset, offset + length)));
      });

      it('reads the same in any order, and at once', async () => {
        const blob = await opened(bytes);
        const offsets = [half, 0, half + 1, 0, bytes.length];
        const parts = await Promise.all(offsets.map((offset) => blob.read(offset, 100)));
        for (const [at, offset] of offsets.entries()) {
          expect(parts[at]).toEqual(new Uint8Array(bytes.subarray(offset, offset + 100)));
        }
      });

      it('gives bytes of the caller’s own', async () => {
        const blob = await opened(bytes);
        (await blob.read(0, 10)).fill(0);
        for await (const chunk of blob.stream()) chunk.fill(0);
        expect(digest(await collect(blob.stream()))).toBe(digest(bytes));
      });
    });

    it.each([
      [-1, 1],
      [0, -1],
      [0.5, 1],
      [0, Number.NaN],
    ])('calls a read of %d, %d a bug', async (offset, length) => {
      const blob = await opened(utf8('sem distro'));
      await expect(blob.read(offset, length)).rejects.toThrow(RangeError);
    });
  });
}

/** What every `Store` must do; `make` gives an empty one. */
export function describeStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describeBlobReader(name, async (blobs) => {
    const { store } = await make();
    for (const blob of blobs) await store.blobs.put(blob);
    return store.blobs;
  });
  describeBlobStore(name, make);
  describeRecords(name, make);
  describeHolds(name, make);
}

function describeBlobStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name}, as a store of blobs`, () => {
    let given: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      given = await make();
      store = given.store;
    });
    const listed = async (of = store): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const { digest, size } of of.blobs.list()) found.push(`${digest} ${size}`);
      return found.sort();
    };
    const small = utf8('small');

    it.each(SAMPLES)('stores %s under its digest, from an array or a stream', async (_, bytes) => {
      const named = { digest: digest(bytes), size: bytes.length };
      expect(await store.blobs.put(bytes)).toEqual(named);
      expect(await store.blobs.put(pieces(bytes, 1000))).toEqual(named);
      expect(await store.blobs.put(pieces(bytes, 512), named)).toEqual(named);
      expect(await listed()).toEqual([`${named.digest} ${named.size}`]);
    });

    it('lists what is in it', async () => {
      expect(await listed()).toEqual([]);
      const all = [small, utf8('other'), new Uint8Array(0)];
      for (const bytes of all) await store.blobs.put(bytes);
      expect(await listed()).toEqual(all.map((b) => `${digest(b)} ${b.length}`).sort());
    });

    it('takes many at once, the same and different ones', async () => {
      const many = Array.from({ length: 20 }, (_, index) => utf8(`blob ${index % 10}`));
      await Promise.all(many.map((bytes) => store.blobs.put(pieces(bytes, 2))));
      expect(await listed()).toHaveLength(10);
      for (const bytes of many) {
        const blob = await store.blobs.open(digest(bytes));
        expect(blob && digest(await collect(blob.stream()))).toBe(digest(bytes));
      }
    });

    it('does not change when the array it was given does', async () => {
      const mine = utf8('mine');
      const named = await store.blobs.put(mine);
      mine.fill(0);
      const blob = await store.blobs.open(named.digest);
      expect(blob && digest(await blob.read(0, 4))).toBe(digest(utf8('mine')));
    });

    describe('refuses what is not what was expected, and keeps nothing of it', () => {
      const other = digest(utf8('other'));
      it.each([
        [
          'another digest',
          { digest: other },
          /: unexpected digest sha256:\w{64}, expected sha256:/,
        ],
        ['too few bytes', { size: 6 }, /: unexpected size 5, expected 6$/],
        ['too many bytes', { size: 4 }, /: more than the expected 4 bytes$/],
        ['the right size, another digest', { digest: other, size: 5 }, /: unexpected digest/],
      ])('%s', async (_, expected, message) => {
        for (const bytes of [small, pieces(small, 1)]) {
          await expect(store.blobs.put(bytes, expected)).rejects.toMatchObject({
            code: 'blob-mismatch',
            message: expect.stringMatching(message) as unknown,
          });
        }
        expect(await listed()).toEqual([]);
        await store.blobs.put(small, { digest: digest(small), size: 5 });
        expect(await listed()).toEqual([`${digest(small)} 5`]);
      });

      it('an endless stream longer than expected, at once', async () => {
        const endless = (async function* (): ByteStream {
          for (;;) yield small;
        })();
        await expect(store.blobs.put(endless, { size: 100 })).rejects.toMatchObject({
          code: 'blob-mismatch',
        });
      });
    });

    it('passes on the failure of a stream as it is, and keeps nothing of it', async () => {
      const failure = Object.assign(new Error('no such file'), { code: 'ENOENT' });
      const failing = (async function* (): ByteStream {
        yield small;
        throw failure;
      })();
      await expect(store.blobs.put(failing)).rejects.toBe(failure);
      expect(await listed()).toEqual([]);
    });

    it('forgets what is deleted, and deletes what is not there in silence', async () => {
      const named = await store.blobs.put(small);
      const kept = await store.blobs.put(utf8('kept'));
      await store.blobs.delete(named.digest);
      await store.blobs.delete(named.digest);
      expect(await store.blobs.open(named.digest)).toBeUndefined();
      expect(await listed()).toEqual([`${kept.digest} 4`]);
      await store.blobs.put(small);
      expect(await store.blobs.open(named.digest)).toBeDefined();
    });

    it('finds all again when it is opened anew', async () => {
      // A store that lives no longer than its owner has nothing to find again.
      if (!given.reopen) return;
      await store.blobs.put(small);
      await store.records.update('images', 'index', () => ({ one: 1 }));
      const again = await given.reopen();
      expect(await listed(again)).toEqual([`${digest(small)} 5`]);
      expect(await again.records.get('images', 'index')).toEqual({ one: 1 });
    });
  });
}

function describeRecords(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name}, as a keeper of records`, () => {
    let store: Store;
    beforeEach(async () => {
      store = (await make()).store;
    });
    const keys = async (space: 'images' | 'cache'): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const key of store.records.keys(space)) found.push(key);
      return found;
    };

    it('has none at first', async () => {
      expect(await store.records.get('images', 'index')).toBeUndefined();
      expect(await keys('images')).toEqual([]);
    });

    it.each([
      ['an object', { a: [1, 'é', null, { b: true }] }],
      ['an array', [1, 2, 3]],
      ['a text', 'text'],
      ['null', null],
      ['zero', 0],
    ])('keeps %s', async (_, value) => {
      await store.records.update('images', 'index', () => value);
      expect(await store.records.get('images', 'index')).toEqual(value);
    });

    it('gives the old record to a change, and keeps what comes of it', async () => {
      const seen: unknown[] = [];
      for (const next of ['one', 'two', undefined, 'three']) {
        await store.records.update('images', 'index', (old) => {
          seen.push(old);
          return next;
        });
      }
      expect(seen).toEqual([undefined, 'one', 'two', undefined]);
      expect(await store.records.get('images', 'index')).toBe('three');
    });

    it('removes a record that a change makes undefined, also one that was not there', async () => {
      await store.records.update('cache', 'gone', () => 1);
      await store.records.update('cache', 'gone', () => undefined);
      await store.records.update('cache', 'never', () => undefined);
      expect(await keys('cache')).toEqual([]);
    });

    it('keeps spaces apart', async () => {
      await store.records.update('images', 'same', () => 'image');
      await store.records.update('cache', 'same', () => 'cache');
      expect(await store.records.get('images', 'same')).toBe('image');
      expect(await store.records.get('cache', 'same')).toBe('cache');
    });

    it('takes any text of reasonable length as key', async () => {
      const odd = ['', '.', '..', '../up', 'A', 'a', 'b/c', 'c\\d', 'é 😀', '%41', 'con', 'x.json'];
      const names = [...odd, ABSENT];
      for (const key of names) await store.records.update('cache', key, () => key);
      expect(await keys('cache')).toEqual([...names].sort());
      for (const key of names) expect(await store.records.get('cache', key)).toBe(key);
    });

    it('is not changed by changing what it gave or was given', async () => {
      const mine = { list: [1] };
      await store.records.update('images', 'index', () => mine);
      mine.list.push(2);
      const got = await store.records.get('images', 'index');
      if (typeof got === 'object' && got !== null) Reflect.set(got, 'list', []);
      expect(await store.records.get('images', 'index')).toEqual({ list: [1] });
    });

    it('loses none of many changes at once', async () => {
      const count = (old: unknown): number => (typeof old === 'number' ? old + 1 : 1);
      await Promise.all(
        Array.from({ length: 50 }, () => store.records.update('images', 'index', count)),
      );
      expect(await store.records.get('images', 'index')).toBe(50);
    });

    it('keeps the old record when a change throws, and takes the next change', async () => {
      await store.records.update('images', 'index', () => 'old');
      const failing = store.records.update('images', 'index', () => {
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await store.records.get('images', 'index')).toBe('old');
      await store.records.update('images', 'index', () => 'new');
      expect(await store.records.get('images', 'index')).toBe('new');
    });
  });
}

function describeHolds(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name}, as a keeper of holds`, () => {
    let given: StoreUnderTest;
    beforeEach(async () => {
      given = await make();
    });

    it('gives a name to one at a time', async () => {
      const { holds } = given.store;
      expect(await holds.isTaken('a')).toBe(false);
      const held = await holds.take('a');
      expect(held).toBeDefined();
      expect([await holds.isTaken('a'), await holds.isTaken('b')]).toEqual([true, false]);
      expect(await holds.take('a')).toBeUndefined();
      await held?.release();
      expect(await holds.isTaken('a')).toBe(false);
      const again = await holds.take('a');
      expect(again).toBeDefined();
      // The first holder has nothing to let go of any more.
      await held?.release();
      expect(await holds.isTaken('a')).toBe(true);
    });

    it('shows a name as taken also to another view of the store', async () => {
      if (!given.reopen) return;
      const { holds } = await given.reopen();
      const held = await given.store.holds.take('a');
      expect(await holds.isTaken('a')).toBe(true);
      expect(await holds.take('a')).toBeUndefined();
      await held?.release();
      expect(await holds.isTaken('a')).toBe(false);
    });
  });
}

async function* pieces(bytes: Uint8Array, step: number): ByteStream {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

/** Bytes that differ from place to place, so that a read from the wrong one is seen. */
function pattern(size: number): Uint8Array {
  const words = Uint32Array.from({ length: Math.ceil(size / 4) }, (_, at) => at * 2654435761);
  return new Uint8Array(words.buffer, 0, size);
}
