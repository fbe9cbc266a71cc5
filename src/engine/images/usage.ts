import type { Engine } from '../engine.ts';
import type { Digest } from '../oci/digest.ts';
import { isDigest } from '../oci/digest.ts';
import { listImages } from './catalog.ts';
import { chainIds } from './chain.ts';
import { eachString } from '../json.ts';
import { openImage } from './open.ts';
import type { ImageRecord } from './record.ts';

/** What takes how much space, in bytes of files as Docker counts layers. */
export interface DiskUsage {
  readonly images: readonly ImageRecord[];
  /** Of all images, each layer once. */
  readonly imageBytes: number;
  /** Of each image: bytes of layers that another image has too. */
  readonly shared: ReadonlyMap<ImageRecord, number>;
  readonly cacheRecords: number;
  /** Stored bytes that only the build cache refers to. */
  readonly cacheBytes: number;
}

/** Reads the documents of every image and the list of blobs. Errors: `blob-missing`, those of the documents. */
export async function diskUsage(engine: Engine): Promise<DiskUsage> {
  const images = await listImages(engine);
  const chains = new Map<ImageRecord, readonly Digest[]>();
  const users = new Map<Digest, number>();
  const needed = new Set<Digest>();
  let imageBytes = 0;
  for (const image of images) {
    const { config, manifest } = await openImage(engine, image);
    const chain = chainIds(engine.platform, config.rootfs.diff_ids);
    chains.set(image, chain);
    for (const layer of manifest.layers) needed.add(layer.digest);
    for (const [index, id] of chain.entries()) {
      if (!users.has(id)) imageBytes += image.layerSizes[index] ?? 0;
      users.set(id, (users.get(id) ?? 0) + 1);
    }
  }
  const shared = new Map<ImageRecord, number>();
  for (const [image, chain] of chains) {
    const common = chain.map((id, index) =>
      (users.get(id) ?? 0) > 1 ? (image.layerSizes[index] ?? 0) : 0,
    );
    shared.set(
      image,
      common.reduce((sum, size) => sum + size, 0),
    );
  }
  const cache = await cacheUsage(engine, needed);
  return { images, imageBytes, shared, ...cache };
}

async function cacheUsage(
  engine: Engine,
  needed: ReadonlySet<Digest>,
): Promise<{ readonly cacheRecords: number; readonly cacheBytes: number }> {
  const named = new Set<string>();
  let cacheRecords = 0;
  for await (const key of engine.store.records.keys('cache')) {
    cacheRecords++;
    eachString(await engine.store.records.get('cache', key), (text) => {
      if (isDigest(text) && !needed.has(text)) named.add(text);
    });
  }
  let cacheBytes = 0;
  if (named.size > 0) {
    for await (const { digest, size } of engine.store.blobs.list()) {
      if (named.has(digest)) cacheBytes += size;
    }
  }
  return { cacheRecords, cacheBytes };
}
