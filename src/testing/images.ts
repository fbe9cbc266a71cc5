import { nodePlatform } from '../cli/node-platform.ts';
import type { Engine } from '../engine/engine.ts';
import { utf8 } from '../engine/bytes.ts';
import { addImage, type ImageRecord } from '../engine/images/catalog.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { writeLayer } from '../engine/layer/write.ts';
import { digestOf } from '../engine/oci/digest.ts';
import type { ContainerConfig, HistoryEntry, ImageConfig, Manifest } from '../engine/oci/image.ts';
import { MEDIA } from '../engine/oci/media-types.ts';
import { canonicalName, parseReference } from '../engine/oci/reference.ts';
import { memoryStore } from '../engine/store/memory.ts';

/** An engine with an empty store in memory and nothing to pull from, for linux/amd64. */
export function emptyEngine(): Engine {
  const platform = nodePlatform();
  return {
    store: memoryStore(platform),
    sources: [],
    platform,
    defaultPlatform: { os: 'linux', architecture: 'amd64' },
  };
}

export interface TestImage {
  /** A row of history each; without entries, an empty one. */
  readonly rows: readonly { readonly by: string; readonly entries?: readonly Entry[] }[];
  readonly config?: ContainerConfig;
  readonly lines?: readonly (number | null)[];
}

/** Puts an image together from entries and registers it. */
export async function addTestImage(
  engine: Engine,
  name: string,
  { rows, config = {}, lines }: TestImage,
): Promise<ImageRecord> {
  const layers = [];
  for (const { entries } of rows) if (entries) layers.push(await writeLayer(engine, entries));
  const document: ImageConfig = {
    architecture: 'amd64',
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: rows.map(({ by, entries }): HistoryEntry => ({
      created_by: by,
      ...(!entries && { empty_layer: true }),
    })),
  };
  const bytes = utf8(JSON.stringify(document));
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MEDIA.ociManifest,
    config: {
      mediaType: MEDIA.ociConfig,
      digest: digestOf(engine.platform, bytes),
      size: bytes.length,
    },
    layers: layers.map(({ descriptor }) => descriptor),
  };
  const names = [canonicalName(parseReference(name))];
  return addImage(engine, { manifest, config: bytes, names, ...(lines && { lines }) });
}
