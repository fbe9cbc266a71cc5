import { execFileSync } from 'node:child_process';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../cli/node-platform.ts';
import { dir, file, hardlink, opaque, symlink, whiteout } from '../../testing/entries.ts';
import { codeOf } from '../../testing/hostile.ts';
import { collect, concat, decodeName, utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { ANNOTATIONS, footerFor } from '../estargz/format.ts';
import { writeEstargz } from '../estargz/write.ts';
import { digestOf, parseDigest, type Digest } from '../oci/digest.ts';
import type { Descriptor } from '../oci/image.ts';
import { MEDIA } from '../oci/media-types.ts';
import { memoryStore } from '../store/memory.ts';
import type { Blob } from '../store/port.ts';
import { writeTar } from '../tar/writer.ts';
import type { Entry } from './entry.ts';
import { openLayer } from './open.ts';
import { writeLayer } from './write.ts';

const platform = nodePlatform();

function engine(): Engine {
  const defaultPlatform = { os: 'linux', architecture: '386' };
  return { store: memoryStore(platform), sources: [], platform, defaultPlatform };
}

/** A blob over bytes that counts what is read of it; nothing is checked, as with HTTP ranges. */
function blobOf(bytes: Uint8Array, digest = digestOf(platform, bytes)): Blob & { reads: number } {
  const blob = {
    digest,
    size: bytes.length,
    reads: 0,
    read(offset: number, length: number): Promise<Uint8Array> {
      const part = bytes.slice(offset, offset + length);
      blob.reads += part.length;
      return Promise.resolve(part);
    },
    async *stream(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 60_000) {
        const part = bytes.slice(at, at + 60_000);
        blob.reads += part.length;
        yield part;
      }
    },
  };
  return blob;
}

/** Digits that hardly compress. */
const noise = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    bytes[i] = state >> 16;
  }
  return bytes;
};

const entries: readonly Entry[] = [
  dir('etc', { mode: 0o750, uid: 3, mtime: 1580702706 }),
  file('etc/passwd', 'root'),
  file('etc/empty'),
  file('large', noise(700_000), { xattrs: { 'user.x': utf8('v') } }),
  hardlink('hard', 'large'),
  symlink('link', '/etc'),
  { ...dir('null'), type: 'char', device: { major: 1, minor: 3 } },
  whiteout('gone'),
  opaque('etc'),
];
// The files and the target of the symlink.
const SIZE = 700_008;

interface Packed {
  readonly bytes: Uint8Array;
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
}

async function tarLayer(): Promise<Packed> {
  const bytes = await collect(writeTar(entries));
  const digest = digestOf(platform, bytes);
  return {
    bytes,
    diffId: digest,
    descriptor: { mediaType: MEDIA.ociLayer, digest, size: bytes.length },
  };
}

async function gzipLayer(): Promise<Packed> {
  const { bytes: plain, diffId } = await tarLayer();
  // In two members, as `cat a.gz b.gz` makes.
  const bytes = concat([
    new Uint8Array(gzipSync(plain.subarray(0, 1000))),
    new Uint8Array(gzipSync(plain.subarray(1000))),
  ]);
  const digest = digestOf(platform, bytes);
  return {
    bytes,
    diffId,
    descriptor: { mediaType: MEDIA.ociLayerGzip, digest, size: bytes.length },
  };
}

async function estargzLayer(): Promise<Packed> {
  const pieces: Uint8Array[] = [];
  const result = await writeEstargz(entries, {
    platform,
    chunkSize: 100_000,
    gzip: (bytes) => new Uint8Array(gzipSync(bytes)),
    write: (bytes) => void pieces.push(bytes),
  });
  const { digest, size, diffId, annotations } = result;
  const descriptor = { mediaType: MEDIA.ociLayerGzip, digest, size, annotations };
  return { bytes: concat(pieces), diffId, descriptor };
}

async function flat(list: readonly Entry[]): Promise<readonly unknown[]> {
  const all = [];
  for (const { content, ...rest } of list) {
    const bytes = content && (await collect(content.stream()));
    all.push({ ...rest, content: bytes && digestOf(platform, bytes) });
  }
  return all;
}

describe.each([
  ['tar', tarLayer],
  ['gzip', gzipLayer],
  ['eStargz', estargzLayer],
])('a layer of %s', (_, make) => {
  test('has its entries, contents and size', async () => {
    const { bytes, descriptor, diffId } = await make();
    const layer = await openLayer(engine(), blobOf(bytes), descriptor, diffId);
    expect(layer).toMatchObject({ diffId, descriptor, size: SIZE });
    expect(await flat(layer.entries)).toEqual(await flat(entries));
  });

  test('gives any range of a file', async () => {
    const packed = await make();
    const { descriptor, diffId } = packed;
    const layer = await openLayer(engine(), blobOf(packed.bytes), descriptor, diffId);
    const content = layer.entries.find((entry) => entry.path === 'large')?.content;
    const whole = noise(700_000);
    for (const [offset, length] of [
      [0, 10],
      [699_990, 100],
      [99_990, 20],
      [250_000, 300_000],
      [0, 700_000],
      [700_000, 5],
      [800_000, 5],
      [5, 0],
    ] as const) {
      const bytes = (await content?.read(offset, length)) ?? whole;
      const expected = whole.slice(offset, offset + length);
      expect([bytes.length, Buffer.compare(bytes, expected)]).toEqual([expected.length, 0]);
    }
  });

  test('is opened once per engine', async () => {
    const { bytes, descriptor, diffId } = await make();
    const [one, two] = [engine(), engine()];
    const layer = await openLayer(one, blobOf(bytes), descriptor, diffId);
    expect(await openLayer(one, blobOf(bytes), descriptor, diffId)).toBe(layer);
    expect(await openLayer(two, blobOf(bytes), descriptor, diffId)).not.toBe(layer);
  });

  test('whose descriptor tells another size is refused, and not remembered', async () => {
    const { bytes, descriptor, diffId } = await make();
    const wrong = { ...descriptor, size: 1 };
    const one = engine();
    expect(await codeOf(() => openLayer(one, blobOf(bytes), wrong, diffId))).toBe('blob-corrupt');
    expect((await openLayer(one, blobOf(bytes), descriptor, diffId)).size).toBe(SIZE);
  });
});

describe('diff IDs', () => {
  const other = parseDigest(`sha256:${'1'.repeat(64)}`);

  test.each([
    ['tar', tarLayer],
    ['gzip', gzipLayer],
  ])('of %s are checked', async (_, make) => {
    const { bytes, descriptor } = await make();
    const opened = openLayer(engine(), blobOf(bytes), descriptor, other);
    await expect(opened).rejects.toMatchObject({ code: 'diff-id-mismatch' });
    await expect(opened).rejects.toThrow(`invalid diffID for layer: expected "${other}", got "`);
  });
});

describe('eStargz', () => {
  test('is read by its table and chunks alone', async () => {
    const { bytes, descriptor, diffId } = await estargzLayer();
    const blob: Blob & { reads: number } = {
      ...blobOf(bytes),
      reads: 0,
      async read(offset, length) {
        blob.reads += length;
        return bytes.slice(offset, offset + length);
      },
      stream: () => {
        throw new Error('the whole blob is asked for');
      },
    };
    const layer = await openLayer(engine(), blob, descriptor, diffId);
    const opened = blob.reads;
    expect(opened).toBeLessThan(300_000);
    const content = layer.entries.find((entry) => entry.path === 'large')?.content;
    await content?.read(450_000, 10);
    expect(blob.reads - opened).toBeLessThan(110_000);
    const once = blob.reads;
    await content?.read(460_000, 10);
    expect(blob.reads).toBe(once);
  });

  test('knows the digest of a file in one chunk', async () => {
    const { bytes, descriptor, diffId } = await estargzLayer();
    const layer = await openLayer(engine(), blobOf(bytes), descriptor, diffId);
    const digests = layer.entries.map((entry) => [entry.path, entry.content?.digest]);
    expect(digests).toContainEqual(['etc/passwd', digestOf(platform, utf8('root'))]);
    expect(digests).toContainEqual(['large', undefined]);
  });

  test('without the annotation is a gzip layer like others, table and landmark unseen', async () => {
    const { bytes, descriptor, diffId } = await estargzLayer();
    const plain = { ...descriptor, annotations: {} };
    const blob = blobOf(bytes);
    const layer = await openLayer(engine(), blob, plain, diffId);
    expect(await flat(layer.entries)).toEqual(await flat(entries));
    expect(blob.reads).toBeGreaterThan(bytes.length);
  });

  test('with the annotation on a layer that has no footer is a gzip layer', async () => {
    const { bytes, descriptor, diffId } = await gzipLayer();
    const annotations = { [ANNOTATIONS.tocDigest]: diffId };
    const layer = await openLayer(engine(), blobOf(bytes), { ...descriptor, annotations }, diffId);
    expect(layer.entries).toHaveLength(entries.length);
  });

  test.each([
    ['another digest', (bytes: Uint8Array) => bytes, `sha256:${'1'.repeat(64)}`],
    [
      'an offset behind the table',
      (bytes: Uint8Array) => concat([bytes.subarray(0, -51), footerFor(bytes.length)]),
      undefined,
    ],
    [
      'an offset before the table',
      (bytes: Uint8Array) => concat([bytes.subarray(0, -51), footerFor(0)]),
      undefined,
    ],
    [
      'an offset in the middle of a member',
      (bytes: Uint8Array) => concat([bytes.subarray(0, -51), footerFor(100)]),
      undefined,
    ],
    [
      'a damaged table',
      (bytes: Uint8Array) => bytes.with(bytes.length - 100, (bytes.at(-100) ?? 0) ^ 0xff),
      undefined,
    ],
  ])('whose table has %s is refused', async (_, change, tocDigest) => {
    const { bytes, descriptor, diffId } = await estargzLayer();
    const annotations = {
      ...descriptor.annotations,
      ...(tocDigest && { [ANNOTATIONS.tocDigest]: tocDigest }),
    };
    const changed = change(bytes);
    const opened = openLayer(
      engine(),
      blobOf(changed),
      { ...descriptor, annotations, size: changed.length },
      diffId,
    );
    expect(await codeOf(() => opened)).toBe('toc-invalid');
  });

  test('a damaged chunk is found when it is read, and harms no other', async () => {
    const { bytes, descriptor, diffId } = await estargzLayer();
    // Inside the fourth of seven chunks, which fill most of the blob.
    const at = Math.floor(bytes.length / 2);
    const damaged = blobOf(bytes.with(at, (bytes[at] ?? 0) ^ 0xff), descriptor.digest);
    const layer = await openLayer(engine(), damaged, descriptor, diffId);
    const content = layer.entries.find((entry) => entry.path === 'large')?.content;
    expect(await codeOf(() => content?.read(350_000, 1))).toBe('blob-corrupt');
    expect(await codeOf(() => content && collect(content.stream()))).toBe('blob-corrupt');
    expect(await content?.read(0, 3)).toEqual(noise(3));
  });

  test('a chunk that inflates to more than it should is not inflated further', async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(50_000_000)));
    const header = new Uint8Array(gzipSync(utf8('header')));
    const json = utf8(
      JSON.stringify({
        version: 1,
        entries: [
          {
            name: 'f',
            type: 'reg',
            size: 3,
            offset: header.length,
            chunkDigest: digestOf(platform, new Uint8Array(3)),
          },
        ],
      }),
    );
    const toc = gzipSync(await collect(writeTar([file('stargz.index.json', json)])));
    const bytes = concat([
      header,
      bomb,
      new Uint8Array(toc),
      footerFor(header.length + bomb.length),
    ]);
    const annotations = { [ANNOTATIONS.tocDigest]: digestOf(platform, json) };
    const descriptor = {
      mediaType: MEDIA.ociLayerGzip,
      digest: digestOf(platform, bytes),
      size: bytes.length,
      annotations,
    };
    let inflated = 0;
    const counting: Engine = {
      ...engine(),
      platform: {
        ...platform,
        async *gunzip(compressed) {
          for await (const chunk of platform.gunzip(compressed)) {
            inflated += chunk.length;
            yield chunk;
          }
        },
      },
    };
    const layer = await openLayer(counting, blobOf(bytes), descriptor, descriptor.digest);
    expect(await layer.entries[0]?.content?.read(0, 3)).toEqual(new Uint8Array(3));
    expect(inflated).toBeLessThan(1_000_000);
  });
});

describe('what is refused', () => {
  const openBytes = (bytes: Uint8Array, diffId?: Digest): Promise<unknown> => {
    const digest = digestOf(platform, bytes);
    const descriptor = { mediaType: MEDIA.ociLayer, digest, size: bytes.length };
    return openLayer(engine(), blobOf(bytes), descriptor, diffId ?? digest);
  };

  test.each([
    ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0), 'layer-unsupported'],
    ['text', utf8('no archive '.repeat(100)), 'tar-corrupt'],
    ['gzip cut off', new Uint8Array(gzipSync(noise(1000))).subarray(0, 500), 'gzip-corrupt'],
    ['gzip of text', new Uint8Array(gzipSync(utf8('no archive '.repeat(100)))), 'tar-corrupt'],
    [
      'gzip with garbage behind',
      concat([new Uint8Array(gzipSync(new Uint8Array(1024))), utf8('garbage')]),
      'gzip-corrupt',
    ],
  ])('%s', async (_, bytes, code) => {
    expect(await codeOf(() => openBytes(bytes))).toBe(code);
  });

  test('names that leave the root, made by tar itself', async () => {
    const args = [
      '-P',
      '--transform=s,hostname,../../etc/hostname,',
      '-cf',
      '-',
      '-C',
      '/etc',
      'hostname',
    ];
    const bytes = Uint8Array.from(execFileSync('tar', args));
    expect(await codeOf(() => openBytes(bytes))).toBe('path-escape');
    const inside = execFileSync('tar', ['-cf', '-', '-C', '/etc', 'hostname']);
    expect(await codeOf(() => openBytes(Uint8Array.from(inside)))).toBe('no error');
  });

  test.each([
    ['a hard link out of the root', hardlink('a', '../x'), 'path-escape'],
    ['an absolute hard link', hardlink('a', '/etc/x'), 'no error'],
    ['a symlink out of the root, which is only data', symlink('a', '../../x'), 'no error'],
  ])('%s', async (_, entry, code) => {
    expect(await codeOf(async () => openBytes(await collect(writeTar([entry]))))).toBe(code);
  });

  test('a file that is the root', async () => {
    expect(await codeOf(async () => openBytes(await collect(writeTar([file('x/..')]))))).toBe(
      'path-escape',
    );
    expect(await codeOf(async () => openBytes(await collect(writeTar([dir('')]))))).toBe(
      'no error',
    );
  });
});

describe('a layer of more than memory should hold', () => {
  test('is decompressed again where needed', async () => {
    const files = Array.from({ length: 70 }, (_, i) =>
      file(`f${i}`, new Uint8Array(2 ** 20).fill(i)),
    );
    const plain = await collect(writeTar(files));
    const bytes = new Uint8Array(gzipSync(plain, { level: 1 }));
    const digest = digestOf(platform, bytes);
    const descriptor = { mediaType: MEDIA.ociLayerGzip, digest, size: bytes.length };
    const blob = blobOf(bytes);
    const layer = await openLayer(engine(), blob, descriptor, digestOf(platform, plain));
    const opened = blob.reads;
    for (const [i, entry] of layer.entries.entries()) {
      expect(await entry.content?.read(2 ** 20 - 1, 5)).toEqual(Uint8Array.of(i));
    }
    // Forwards, once more through the blob is enough.
    expect(blob.reads - opened).toBeLessThanOrEqual(bytes.length + 60_000);
    const both = await Promise.all([3, 60].map(async (i) => layer.entries[i]?.content?.read(0, 1)));
    expect(both).toEqual([Uint8Array.of(3), Uint8Array.of(60)]);
  });
});

describe('writeLayer', () => {
  test('stores a sorted uncompressed layer that opens as what went in', async () => {
    const one = engine();
    const shuffled = [...entries].reverse();
    const { descriptor, diffId, size } = await writeLayer(one, shuffled);
    expect(descriptor).toMatchObject({ mediaType: MEDIA.ociLayer, digest: diffId });
    expect(size).toBe(SIZE);
    expect((await writeLayer(one, entries)).diffId).toBe(diffId);
    const blob = await one.store.blobs.open(descriptor.digest);
    if (!blob) return expect.unreachable();
    const layer = await openLayer(one, blob, descriptor, diffId);
    expect(layer.entries.map(({ path, type }) => `${type} ${path}`)).toEqual([
      'whiteout gone',
      'dir etc',
      'opaque etc',
      'file etc/empty',
      'file etc/passwd',
      'file hard',
      'hardlink large',
      'symlink link',
      'char null',
    ]);
  });

  test('of nothing is the empty archive, whose digest everybody knows', async () => {
    const { diffId, size } = await writeLayer(engine(), []);
    expect(diffId).toBe('sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef');
    expect(size).toBe(0);
  });
});

test('names that are not UTF-8 pass through a gzip layer', async () => {
  const plain = await collect(writeTar([file('\udce9t\udce9', 'x')]));
  const bytes = new Uint8Array(gzipSync(plain));
  const descriptor = {
    mediaType: MEDIA.ociLayerGzip,
    digest: digestOf(platform, bytes),
    size: bytes.length,
  };
  const layer = await openLayer(engine(), blobOf(bytes), descriptor, digestOf(platform, plain));
  expect(layer.entries[0]?.path).toBe(decodeName(Uint8Array.of(0xe9, 0x74, 0xe9)));
  expect(gunzipSync(bytes)).toHaveLength(plain.length);
});
