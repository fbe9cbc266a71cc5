import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { file } from '../../testing/entries.ts';
import { codeOf } from '../../testing/hostile.ts';
import { emptyEngine } from '../../testing/images.ts';
import {
  blobOf,
  entries,
  estargzLayer,
  flat,
  gzipLayer,
  noise,
  platform,
} from '../../testing/layers.ts';
import { collect, concat, utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { ANNOTATIONS, footerFor } from '../estargz/format.ts';
import { digestOf } from '../oci/digest.ts';
import { MEDIA } from '../oci/media-types.ts';
import type { Blob } from '../store/port.ts';
import { writeTar } from '../tar/writer.ts';
import { openLayer } from './open.ts';

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
    const layer = await openLayer(emptyEngine(), blob, descriptor, diffId);
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
    const layer = await openLayer(emptyEngine(), blobOf(bytes), descriptor, diffId);
    const digests = layer.entries.map((entry) => [entry.path, entry.content?.digest]);
    expect(digests).toContainEqual(['etc/passwd', digestOf(platform, utf8('root'))]);
    expect(digests).toContainEqual(['large', undefined]);
  });

  test('without the annotation is a gzip layer like others, table and landmark unseen', async () => {
    const { bytes, descriptor, diffId } = await estargzLayer();
    const plain = { ...descriptor, annotations: {} };
    const blob = blobOf(bytes);
    const layer = await openLayer(emptyEngine(), blob, plain, diffId);
    expect(await flat(layer.entries)).toEqual(await flat(entries));
    expect(blob.reads).toBeGreaterThan(bytes.length);
  });

  test('with the annotation on a layer that has no footer is a gzip layer', async () => {
    const { bytes, descriptor, diffId } = await gzipLayer();
    const annotations = { [ANNOTATIONS.tocDigest]: diffId };
    const layer = await openLayer(
      emptyEngine(),
      blobOf(bytes),
      { ...descriptor, annotations },
      diffId,
    );
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
      emptyEngine(),
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
    const layer = await openLayer(emptyEngine(), damaged, descriptor, diffId);
    const content = layer.entries.find((entry) => entry.path === 'large')?.content;
    expect(await codeOf(() => content?.read(350_000, 1))).toBe('blob-corrupt');
    expect(await codeOf(() => content && collect(content.stream()))).toBe('blob-corrupt');
    expect(await content?.read(0, 3)).toEqual(noise(3));
  });

  test.each([
    ['a chunk', 'blob-corrupt', (length: number) => Math.floor(length / 2)],
    ['the table', 'toc-invalid', (length: number) => length - 100],
  ])('of which %s came damaged is right once the blob has it anew', async (_, code, place) => {
    const { bytes, descriptor, diffId } = await estargzLayer();
    const at = place(bytes.length);
    let kept: Uint8Array = bytes.with(at, (bytes[at] ?? 0) ^ 0xff);
    const blob: Blob = {
      ...blobOf(bytes),
      read: async (offset, length) => kept.slice(offset, offset + length),
      forget() {
        kept = bytes;
      },
    };
    const engine = emptyEngine();
    const read = async () => {
      const layer = await openLayer(engine, blob, descriptor, diffId);
      return layer.entries.find(({ path }) => path === 'large')?.content?.read(350_000, 1);
    };
    expect(await codeOf(read)).toBe(code);
    expect(await read()).toEqual(noise(350_001).slice(350_000));
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
      ...emptyEngine(),
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
