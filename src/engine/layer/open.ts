import type { ByteStream } from '../bytes.ts';
import { compressionOf, MAGIC_LENGTH } from '../compression.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { ANNOTATIONS, OWN_NAMES } from '../estargz/format.ts';
import { fileContent, readEstargz } from '../estargz/read.ts';
import { type Digest, digestBy, isDigest } from '../oci/digest.ts';
import type { Descriptor } from '../oci/image.ts';
import type { Platform } from '../platform.ts';
import type { Blob } from '../store/port.ts';
import { readTar } from '../tar/reader.ts';
import { byteCache, type ByteCache } from './byte-cache.ts';
import { sliceOf } from './content.ts';
import type { Entry } from './entry.ts';
import { entriesOfTar, entryFromTar } from './from-tar.ts';
import { inflate } from './inflated.ts';
import { sizeOnDisk } from './write.ts';

/** A layer, opened: what is in it, with contents read when asked for. */
export interface Layer {
  readonly diffId: Digest;
  readonly descriptor: Descriptor;
  /** In the archive's order, without what eStargz adds for itself. */
  readonly entries: readonly Entry[];
  /** Docker's layer size: see `sizeOnDisk`. */
  readonly size: number;
}

/**
 * Opens a layer, once per engine and layer: the same object comes back while it is remembered.
 * - eStargz whose descriptor has the table's digest: by the table, nothing else is read. Contents
 *   are checked chunk by chunk; the diff ID is not, since that would take the whole layer.
 * - plain tar: one pass over the headers. Its digest must be the diff ID.
 * - other gzip: decompressed once from end to end and checked against the diff ID.
 * Errors: EngineError `diff-id-mismatch`, `toc-invalid`, `blob-corrupt`, `gzip-corrupt`,
 * `layer-unsupported`, and those of `readTar` and `entryFromTar`.
 */
export function openLayer(
  engine: Engine,
  blob: Blob,
  descriptor: Descriptor,
  diffId: Digest,
): Promise<Layer> {
  const { layers, bytes } = memoryOf(engine);
  // All that what comes back depends on or shows.
  const key = JSON.stringify([descriptor, diffId]);
  const known = layers.get(key);
  // Deleted and set again: the Map's order is from longest unused to last used.
  layers.delete(key);
  const layer = known ?? open(engine.platform, bytes, { blob, descriptor, diffId });
  layers.set(key, layer);
  for (const oldest of layers.keys()) {
    if (layers.size <= LAYERS_KEPT) break;
    layers.delete(oldest);
  }
  if (!known) layer.catch(() => layers.get(key) === layer && layers.delete(key));
  return layer;
}

/** Layers remembered per engine: a Java image has 48. */
const LAYERS_KEPT = 512;
/** Decompressed bytes kept per engine. */
const BYTES_KEPT = 48 * 1024 * 1024;

/** A gzip layer of more is a bomb: a thousandth of it would do to make it. */
const INFLATED_LIMIT = 16 * 2 ** 30;

interface Memory {
  readonly layers: Map<string, Promise<Layer>>;
  readonly bytes: ByteCache;
}

const memories = new WeakMap<Engine, Memory>();

function memoryOf(engine: Engine): Memory {
  let memory = memories.get(engine);
  if (!memory) {
    memory = { layers: new Map(), bytes: byteCache(BYTES_KEPT) };
    memories.set(engine, memory);
  }
  return memory;
}

interface Request {
  readonly blob: Blob;
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
}

async function open(platform: Platform, cache: ByteCache, request: Request): Promise<Layer> {
  const { blob, descriptor, diffId } = request;
  if (blob.size !== descriptor.size) {
    throw new EngineError(
      'blob-corrupt',
      `layer ${descriptor.digest} has ${blob.size} bytes, its descriptor says ${descriptor.size}`,
    );
  }
  const entries = (await entriesOf(platform, cache, request)).filter(
    (entry) => !OWN_NAMES.includes(entry.path),
  );
  return { diffId, descriptor, entries, size: sizeOnDisk(entries) };
}

async function entriesOf(
  platform: Platform,
  cache: ByteCache,
  { blob, descriptor, diffId }: Request,
): Promise<readonly Entry[]> {
  const compression = compressionOf(await blob.read(0, MAGIC_LENGTH));
  if (compression === 'zstd') {
    throw new EngineError('layer-unsupported', `layer ${blob.digest} is compressed with zstd`, {
      hint: 'Save the image again with gzip layers.',
    });
  }
  if (compression !== 'gzip') {
    checkDiffId(blob.digest, diffId);
    return entriesOfTar(blob);
  }
  const tocDigest = descriptor.annotations?.[ANNOTATIONS.tocDigest];
  if (tocDigest !== undefined && isDigest(tocDigest)) {
    const files = await readEstargz(blob, platform, tocDigest);
    if (files) {
      return files.map((file) =>
        entryFromTar(file.header, fileContent(file, blob, { platform, cache })),
      );
    }
  }
  return entriesOfGzip(platform, cache, { blob, diffId });
}

async function entriesOfGzip(
  platform: Platform,
  cache: ByteCache,
  { blob, diffId }: { readonly blob: Blob; readonly diffId: Digest },
): Promise<readonly Entry[]> {
  const inflated = inflate(blob, platform, cache);
  const hasher = platform.sha256();
  const hashed = async function* (): ByteStream {
    let length = 0;
    for await (const chunk of inflated.stream()) {
      length += chunk.length;
      if (length > INFLATED_LIMIT) {
        throw new EngineError('archive-too-large', `layer ${blob.digest} inflates without end`);
      }
      hasher.update(chunk);
      yield chunk;
    }
  };
  const entries: Entry[] = [];
  for await (const { header, offset } of readTar(hashed())) {
    entries.push(entryFromTar(header, sliceOf(inflated, offset, header.size)));
  }
  checkDiffId(digestBy(hasher), diffId);
  return entries;
}

function checkDiffId(actual: Digest, expected: Digest): void {
  if (actual === expected) return;
  throw new EngineError(
    'diff-id-mismatch',
    `invalid diffID for layer: expected "${expected}", got "${actual}"`,
  );
}
