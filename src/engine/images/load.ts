import type { ByteStream } from '../bytes.ts';
import { compressionOf, MAGIC_LENGTH } from '../compression.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { openLayer } from '../layer/open.ts';
import { type Digest, digestBy } from '../oci/digest.ts';
import type { Descriptor } from '../oci/image.ts';
import { openBlob } from '../store/layered.ts';
import { invalid, readArchive } from './archive.ts';
import { type ImageRecord, addImage } from './catalog.ts';
import type { FoundImage } from './found-image.ts';
import { collectGarbage, keepingBlobs } from './garbage.ts';
import { imagesOfDockerArchive } from './load-docker.ts';
import { imagesOfLayout } from './load-oci.ts';

export interface LoadedImage {
  readonly record: ImageRecord;
  /** The names this archive gave it, canonical. */
  readonly names: readonly string[];
}

/**
 * Loads the images of a docker-archive (`docker save`, also of old Dockers) or of an OCI image
 * layout, tar or gzip. Every layer is checked against the config's diff IDs first: an archive with
 * anything wrong registers nothing. Errors: `archive-invalid`, `diff-id-mismatch`, `blob-mismatch`, …
 */
export async function loadImages(
  engine: Engine,
  stream: ByteStream,
  signal: AbortSignal,
): Promise<readonly LoadedImage[]> {
  try {
    return await keepingBlobs(engine, () => load(engine, stream, signal));
  } finally {
    // What an archive has besides its images, or all of it when it was refused.
    await collectGarbage(engine);
  }
}

async function load(
  engine: Engine,
  stream: ByteStream,
  signal: AbortSignal,
): Promise<readonly LoadedImage[]> {
  const archive = await readArchive(engine, stream, signal);
  const manifest = archive.document('manifest.json');
  const index = archive.document('index.json');
  if (!manifest && !index) {
    throw invalid(
      archive.document('repositories')
        ? 'it was written by a Docker older than 1.10'
        : 'there is neither manifest.json nor index.json in it',
    );
  }
  const found = manifest
    ? await imagesOfDockerArchive(engine, archive, manifest, index)
    : await imagesOfLayout(engine, archive, index ?? new Uint8Array());
  for (const image of found) await checkLayers(engine, image, signal);
  const loaded: LoadedImage[] = [];
  for (const { manifestBytes, configBytes, names, standIn } of found) {
    const record = await addImage(engine, {
      manifest: manifestBytes,
      config: configBytes,
      names,
      ...(standIn && { standIn }),
    });
    loaded.push({ record, names });
  }
  return loaded;
}

async function checkLayers(engine: Engine, image: FoundImage, signal: AbortSignal): Promise<void> {
  const { layers } = image.manifest;
  const diffIds = image.config.rootfs.diff_ids;
  if (layers.length !== diffIds.length) {
    throw invalid(
      `invalid manifest, layers length mismatch: expected ${layers.length}, got ${diffIds.length}`,
    );
  }
  for (const [index, layer] of layers.entries()) {
    const expected = diffIds[index];
    if (!expected) throw new Error('as many diff IDs as layers');
    const actual = await diffIdOf(engine, layer, signal);
    if (actual !== expected) {
      throw new EngineError(
        'diff-id-mismatch',
        `invalid diffID for layer ${index}: expected "${expected}", got "${actual}"`,
      );
    }
    await openLayer(engine, await openBlob(engine, layer.digest), layer, expected);
  }
}

async function diffIdOf(engine: Engine, layer: Descriptor, signal: AbortSignal): Promise<Digest> {
  const blob = await openBlob(engine, layer.digest);
  if (compressionOf(await blob.read(0, MAGIC_LENGTH)) !== 'gzip') return layer.digest;
  const hasher = engine.platform.sha256();
  for await (const chunk of engine.platform.gunzip(blob.stream())) {
    signal.throwIfAborted();
    hasher.update(chunk);
  }
  return digestBy(hasher);
}
