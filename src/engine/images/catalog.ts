import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { utf8 } from '../bytes.ts';
import { openLayer } from '../layer/open.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import type { ImageConfig, Manifest } from '../oci/image.ts';
import { platformOf } from '../oci/platform.ts';
import { openBlob } from '../store/layered.ts';
import { parseConfig, parseManifest } from './documents.ts';
import { keepingBlobs } from './garbage.ts';
import { readDocument } from './open.ts';
import { type ImageRecord, parseIndexRecord, toIndexRecord } from './record.ts';
import type { StandIn } from './source.ts';

export type { ImageRecord } from './record.ts';

export interface NewImage {
  /** As an object it is written as compact JSON in the order of its keys; as bytes it is kept as it is. */
  readonly manifest: Manifest | Uint8Array;
  /** Must be what `manifest.config` describes. */
  readonly config: ImageConfig | Uint8Array;
  /** Canonical names with tag; whatever image had one loses it. */
  readonly names: readonly string[];
  /** Canonical `repository@digest`. */
  readonly digests?: readonly string[];
  readonly standIn?: StandIn;
  /** When they are known better than by opening the layers: a built one counts no symlinks. */
  readonly layerSizes?: readonly number[];
  /** As in `ImageRecord`. */
  readonly lines?: readonly (number | null)[];
}

/**
 * Registers an image whose layers the store or a source already has, and writes its config and
 * manifest. An image that is there already (same config) keeps its manifest, unless layers of it
 * are gone, and gains the names.
 * Errors: `blob-missing`, `config-mismatch`, those of the documents and of opening a layer.
 */
export function addImage(engine: Engine, image: NewImage): Promise<ImageRecord> {
  // Config and manifest look like garbage until the record is there.
  return keepingBlobs(engine, () => add(engine, image));
}

async function add(engine: Engine, image: NewImage): Promise<ImageRecord> {
  const configBytes = toBytes(image.config);
  const manifestBytes = toBytes(image.manifest);
  const config = parseConfig(configBytes);
  const manifest = parseManifest(manifestBytes);
  const id = digestOf(engine.platform, configBytes);
  if (manifest.config.digest !== id) {
    throw new EngineError(
      'config-mismatch',
      `the image config is ${id}, but the manifest says ${manifest.config.digest}`,
    );
  }
  const layerSizes = image.layerSizes ?? (await measureLayers(engine, manifest, config));
  await engine.store.blobs.put(configBytes, { digest: id });
  const stored = await engine.store.blobs.put(manifestBytes);
  const record: ImageRecord = {
    id,
    manifest: { mediaType: manifest.mediaType, ...stored },
    platform: platformOf(config),
    names: image.names,
    digests: image.digests ?? [],
    ...(config.created !== undefined && { created: config.created }),
    size: layerSizes.reduce((sum, size) => sum + size, 0),
    layerSizes,
    labels: config.config.Labels ?? {},
    ...(image.standIn && { standIn: image.standIn }),
    ...(image.lines && { lines: image.lines }),
    tagged: isoNow(engine),
  };
  const old = await recordOf(engine, id);
  const keeps = old && (await isComplete(engine, old)) ? old.manifest.digest : undefined;
  await changeImages(engine, (images) => insert(images, record, keeps));
  return (await recordOf(engine, id)) ?? record;
}

/** Every image, newest first; of equal age, by ID. */
export async function listImages(engine: Engine): Promise<readonly ImageRecord[]> {
  const images = parseIndexRecord(await engine.store.records.get('images', 'index'));
  const age = new Map(images.map((image) => [image, createdMs(image)]));
  return images.toSorted((a, b) => (age.get(b) ?? 0) - (age.get(a) ?? 0) || (a.id < b.id ? -1 : 1));
}

/**
 * Changes the list of images atomically. `change` is pure and may run more than once; it may throw
 * an EngineError to leave everything as it is.
 */
export async function changeImages(
  engine: Engine,
  change: (images: readonly ImageRecord[]) => readonly ImageRecord[],
): Promise<void> {
  await engine.store.records.update('images', 'index', (old) =>
    toIndexRecord(change(parseIndexRecord(old))),
  );
}

/** Gives an image one more name, taking it from the image that had it. The name is canonical with tag. */
export async function addName(engine: Engine, image: ImageRecord, name: string): Promise<void> {
  const tagged = isoNow(engine);
  await changeImages(engine, (images) => {
    const found = images.find(({ id }) => id === image.id);
    if (!found) throw new EngineError('image-unknown', `No such image: ${image.id}`);
    return insert(images, { ...found, names: [name], tagged }, found.manifest.digest);
  });
}

/** When the image was created, in milliseconds since 1970; 0 when it does not say. */
function createdMs(image: { readonly created?: string }): number {
  const time = image.created === undefined ? NaN : Date.parse(image.created);
  return Number.isNaN(time) ? 0 : time;
}

/** `keeps`: the digest of the manifest that stays when the image is there with it already. */
function insert(
  images: readonly ImageRecord[],
  image: ImageRecord,
  keeps: Digest | undefined,
): readonly ImageRecord[] {
  const old = images.find(({ id }) => id === image.id);
  const merged: ImageRecord = {
    ...image,
    ...(old?.manifest.digest === keeps &&
      old && { manifest: old.manifest, layerSizes: old.layerSizes, size: old.size }),
    ...(old?.standIn && !image.standIn && { standIn: old.standIn }),
    ...(old?.lines && !image.lines && { lines: old.lines }),
    names: union(old?.names ?? [], image.names),
    digests: union(old?.digests ?? [], image.digests),
  };
  const taken = new Set(image.names);
  const others = images
    .filter(({ id }) => id !== image.id)
    .map((other) =>
      other.names.some((name) => taken.has(name))
        ? { ...other, names: other.names.filter((name) => !taken.has(name)) }
        : other,
    );
  return [...others, merged];
}

async function measureLayers(
  engine: Engine,
  manifest: Manifest,
  config: ImageConfig,
): Promise<readonly number[]> {
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== manifest.layers.length) {
    throw new EngineError(
      'config-mismatch',
      `the image config names ${diffIds.length} layers, but the manifest ${manifest.layers.length}`,
    );
  }
  const sizes: number[] = [];
  for (const [index, descriptor] of manifest.layers.entries()) {
    const blob = await openBlob(engine, descriptor.digest);
    const diffId = diffIds[index];
    if (!diffId) throw new Error('as many diff IDs as layers were checked for');
    sizes.push((await openLayer(engine, blob, descriptor, diffId)).size);
  }
  return sizes;
}

async function recordOf(engine: Engine, id: Digest): Promise<ImageRecord | undefined> {
  const images = parseIndexRecord(await engine.store.records.get('images', 'index'));
  return images.find((image) => image.id === id);
}

/** Whether manifest and layers are still where they were: a pantry that was built anew has others. */
async function isComplete(engine: Engine, { manifest }: ImageRecord): Promise<boolean> {
  try {
    const { layers } = parseManifest(await readDocument(engine, manifest.digest));
    for (const layer of layers) await openBlob(engine, layer.digest);
    return true;
  } catch (error) {
    if (error instanceof EngineError) return false;
    throw error;
  }
}

function toBytes(document: Manifest | ImageConfig | Uint8Array): Uint8Array {
  return document instanceof Uint8Array ? document : utf8(JSON.stringify(document));
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])].sort();
}

function isoNow(engine: Engine): string {
  return new Date(engine.platform.now()).toISOString();
}
