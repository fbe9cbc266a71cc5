import { type ByteStream, utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { openLayer } from '../layer/open.ts';
import { digestOf } from '../oci/digest.ts';
import type { ContainerConfig, Descriptor, Manifest, OciPlatform } from '../oci/image.ts';
import { MEDIA } from '../oci/media-types.ts';
import { openBlob } from '../store/layered.ts';
import { decompressed } from './archive.ts';
import { addImage } from './catalog.ts';
import { collectGarbage, keepingBlobs } from './garbage.ts';
import type { ImageRecord } from './record.ts';

export interface Import {
  readonly platform: OciPlatform;
  readonly config: ContainerConfig;
  /** Becomes the comment of the image and of its one row of history. */
  readonly comment: string;
  /** Canonical, with tag. */
  readonly names: readonly string[];
}

/** Makes an image of one layer out of a root filesystem's tar, which may be a gzip. Errors: those of `openLayer`. */
export async function importImage(
  engine: Engine,
  stream: ByteStream,
  wanted: Import,
  signal: AbortSignal,
): Promise<ImageRecord> {
  try {
    return await keepingBlobs(engine, () => importNow(engine, stream, wanted, signal));
  } catch (error) {
    await collectGarbage(engine);
    throw error;
  }
}

async function importNow(
  engine: Engine,
  stream: ByteStream,
  wanted: Import,
  signal: AbortSignal,
): Promise<ImageRecord> {
  const stored = await engine.store.blobs.put(await decompressed(engine, stream, signal));
  const layer: Descriptor = { mediaType: MEDIA.ociLayer, ...stored };
  // A tar with anything wrong in it is found out now and not at the first use.
  await openLayer(engine, await openBlob(engine, stored.digest), layer, stored.digest);
  const created = new Date(engine.platform.now()).toISOString();
  const { platform, comment } = wanted;
  // In the order of names, as Docker writes it.
  const config = utf8(
    JSON.stringify({
      architecture: platform.architecture,
      comment,
      config: wanted.config,
      created,
      history: [{ created, comment }],
      os: platform.os,
      rootfs: { type: 'layers', diff_ids: [stored.digest] },
      ...(platform.variant !== undefined && { variant: platform.variant }),
    }),
  );
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MEDIA.ociManifest,
    config: {
      mediaType: MEDIA.ociConfig,
      digest: digestOf(engine.platform, config),
      size: config.length,
    },
    layers: [layer],
  };
  return addImage(engine, { manifest, config, names: wanted.names });
}
