import { execFileSync } from 'node:child_process';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { dir, file, hardlink, symlink } from '../../testing/entries.ts';
import { codeOf } from '../../testing/hostile.ts';
import { emptyEngine } from '../../testing/images.ts';
import * as layers from '../../testing/layers.ts';
import { collect, concat, decodeName, utf8 } from '../bytes.ts';
import { digestOf, parseDigest, type Digest } from '../oci/digest.ts';
import { MEDIA } from '../oci/media-types.ts';
import { writeTar } from '../tar/writer.ts';
import { openLayer } from './open.ts';
import { writeLayer } from './write.ts';

const { blobOf, entries, estargzLayer, flat, gzipLayer, noise, platform, SIZE, tarLayer } = layers;

describe.each([
  ['tar', tarLayer],
  ['gzip', gzipLayer],
  ['eStargz', estargzLayer],
])('a layer of %s', (_, make) => {
  test('has its entries, contents and size', async () => {
    const { bytes, descriptor, diffId } = await make();
    const layer = await openLayer(emptyEngine(), blobOf(bytes), descriptor, diffId);
    expect(layer).toMatchObject({ diffId, descriptor, size: SIZE });
    expect(await flat(layer.entries)).toEqual(await flat(entries));
  });

  test('gives any range of a file', async () => {
    const packed = await make();
    const { descriptor, diffId } = packed;
    const layer = await openLayer(emptyEngine(), blobOf(packed.bytes), descriptor, diffId);
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
    const [one, two] = [emptyEngine(), emptyEngine()];
    const layer = await openLayer(one, blobOf(bytes), descriptor, diffId);
    expect(await openLayer(one, blobOf(bytes), descriptor, diffId)).toBe(layer);
    expect(await openLayer(two, blobOf(bytes), descriptor, diffId)).not.toBe(layer);
  });

  test('under another media type is another layer, with that descriptor', async () => {
    const { bytes, descriptor, diffId } = await make();
    const one = emptyEngine();
    await openLayer(one, blobOf(bytes), descriptor, diffId);
    const other = { ...descriptor, mediaType: MEDIA.dockerLayerGzip };
    expect((await openLayer(one, blobOf(bytes), other, diffId)).descriptor).toEqual(other);
  });

  test('whose descriptor tells another size is refused, and not remembered', async () => {
    const { bytes, descriptor, diffId } = await make();
    const wrong = { ...descriptor, size: 1 };
    const one = emptyEngine();
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
    const opened = openLayer(emptyEngine(), blobOf(bytes), descriptor, other);
    await expect(opened).rejects.toMatchObject({ code: 'diff-id-mismatch' });
    await expect(opened).rejects.toThrow(`invalid diffID for layer: expected "${other}", got "`);
  });
});

describe('what is refused', () => {
  const openBytes = (bytes: Uint8Array, diffId?: Digest): Promise<unknown> => {
    const digest = digestOf(platform, bytes);
    const descriptor = { mediaType: MEDIA.ociLayer, digest, size: bytes.length };
    return openLayer(emptyEngine(), blobOf(bytes), descriptor, diffId ?? digest);
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
    const files = Array.from({ length: 52 }, (_, i) =>
      file(`f${i}`, new Uint8Array(2 ** 20).fill(i)),
    );
    const plain = await collect(writeTar(files));
    const bytes = new Uint8Array(gzipSync(plain, { level: 1 }));
    const digest = digestOf(platform, bytes);
    const descriptor = { mediaType: MEDIA.ociLayerGzip, digest, size: bytes.length };
    const blob = blobOf(bytes);
    const layer = await openLayer(emptyEngine(), blob, descriptor, digestOf(platform, plain));
    const opened = blob.reads;
    for (const [i, entry] of layer.entries.entries()) {
      expect(await entry.content?.read(2 ** 20 - 1, 5)).toEqual(Uint8Array.of(i));
    }
    // Forwards, once more through the blob is enough.
    expect(blob.reads - opened).toBeLessThanOrEqual(bytes.length + 60_000);
    const both = await Promise.all([3, 50].map(async (i) => layer.entries[i]?.content?.read(0, 1)));
    expect(both).toEqual([Uint8Array.of(3), Uint8Array.of(50)]);
  });
});

describe('writeLayer', () => {
  test('stores a sorted uncompressed layer that opens as what went in', async () => {
    const one = emptyEngine();
    const shuffled = [...entries].reverse();
    const { descriptor, diffId, size } = await writeLayer(one, shuffled);
    expect(descriptor).toMatchObject({ mediaType: MEDIA.ociLayer, digest: diffId });
    // What is built counts no symlinks, what is opened does.
    expect(size).toBe(SIZE - '/etc'.length);
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
    const { diffId, size } = await writeLayer(emptyEngine(), []);
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
  const layer = await openLayer(
    emptyEngine(),
    blobOf(bytes),
    descriptor,
    digestOf(platform, plain),
  );
  expect(layer.entries[0]?.path).toBe(decodeName(Uint8Array.of(0xe9, 0x74, 0xe9)));
  expect(gunzipSync(bytes)).toHaveLength(plain.length);
});
