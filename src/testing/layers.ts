import { gzipSync } from 'node:zlib';
import { nodePlatform } from '../cli/node-platform.ts';
import { collect, concat, utf8 } from '../engine/bytes.ts';
import { writeEstargz } from '../engine/estargz/write.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { digestOf, type Digest } from '../engine/oci/digest.ts';
import type { Descriptor } from '../engine/oci/image.ts';
import { MEDIA } from '../engine/oci/media-types.ts';
import type { Blob } from '../engine/store/port.ts';
import { writeTar } from '../engine/tar/writer.ts';
import { dir, file, hardlink, opaque, symlink, whiteout } from './entries.ts';

/** The one all of this is made with. */
export const platform = nodePlatform();

/** A blob over bytes that counts what is read of it; nothing is checked, as with HTTP ranges. */
export function blobOf(
  bytes: Uint8Array,
  digest = digestOf(platform, bytes),
): Blob & { reads: number } {
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

/** Bytes that hardly compress, the same each time. */
export const noise = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
};

/** One of every type. */
export const entries: readonly Entry[] = [
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
export const SIZE = 700_008;

/** A layer's blob and what a manifest and config say of it. */
export interface Packed {
  readonly bytes: Uint8Array;
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
}

/** `entries` as they are, uncompressed. */
export async function tarLayer(): Promise<Packed> {
  const bytes = await collect(writeTar(entries));
  const digest = digestOf(platform, bytes);
  return {
    bytes,
    diffId: digest,
    descriptor: { mediaType: MEDIA.ociLayer, digest, size: bytes.length },
  };
}

/** The same archive, compressed, without a table. */
export async function gzipLayer(): Promise<Packed> {
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

/** `entries` as eStargz, `large` in seven chunks. */
export async function estargzLayer(): Promise<Packed> {
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

/** Everything about entries, with the digests of their contents. */
export async function flat(list: readonly Entry[]): Promise<readonly unknown[]> {
  const all = [];
  for (const { content, ...rest } of list) {
    const bytes = content && (await collect(content.stream()));
    all.push({ ...rest, content: bytes && digestOf(platform, bytes) });
  }
  return all;
}
