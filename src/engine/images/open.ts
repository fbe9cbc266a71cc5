import { collect } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { emptyTree } from '../layer/file-tree.ts';
import { type Layer, openLayer } from '../layer/open.ts';
import type { FileTree } from '../layer/tree.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageConfig, Manifest } from '../oci/image.ts';
import { openBlob } from '../store/layered.ts';
import { MAX_DOCUMENT, parseConfig, parseManifest } from './documents.ts';
import type { ImageRecord } from './record.ts';

/** An image with its documents read. Layers and tree are read when first asked for, once. */
export interface OpenedImage {
  readonly record: ImageRecord;
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  readonly config: ImageConfig;
  readonly configBytes: Uint8Array;
  layers(): Promise<readonly Layer[]>;
  /** All layers stacked. */
  tree(): Promise<FileTree>;
}

type Opened = Omit<OpenedImage, 'record'>;

const cache = new WeakMap<Engine, Map<Digest, Promise<Opened>>>();

/** Reads manifest and config of an image in the catalog; cached per engine. Errors: `blob-missing`. */
export async function openImage(engine: Engine, record: ImageRecord): Promise<OpenedImage> {
  let opened = cache.get(engine);
  if (!opened) {
    opened = new Map<Digest, Promise<Opened>>();
    cache.set(engine, opened);
  }
  let image = opened.get(record.manifest.digest);
  if (!image) {
    image = open(engine, record);
    opened.set(record.manifest.digest, image);
  }
  try {
    return { ...(await image), record };
  } catch (error) {
    opened.delete(record.manifest.digest);
    throw error;
  }
}

async function open(engine: Engine, record: ImageRecord): Promise<Opened> {
  const manifestBytes = await readDocument(engine, record.manifest.digest);
  const configBytes = await readDocument(engine, record.id);
  const manifest = parseManifest(manifestBytes);
  const config = parseConfig(configBytes);
  let layers: Promise<readonly Layer[]> | undefined;
  let tree: Promise<FileTree> | undefined;
  const openLayers = (): Promise<readonly Layer[]> =>
    (layers ??= Promise.all(
      manifest.layers.map(async (descriptor, index) => {
        const diffId = config.rootfs.diff_ids[index];
        if (!diffId) throw new EngineError('config-mismatch', `layer ${index + 1} has no diff ID`);
        const blob = await openBlob(engine, descriptor.digest);
        return openLayer(engine, blob, descriptor, diffId);
      }),
    ));
  return {
    manifest,
    manifestBytes,
    config,
    configBytes,
    layers: openLayers,
    tree: () =>
      (tree ??= openLayers().then((all) =>
        all.reduce((below: FileTree, layer) => below.apply(layer.entries), emptyTree),
      )),
  };
}

/** Reads a small blob whole, from the store or a source. Errors: `blob-missing`. */
export async function readDocument(engine: Engine, digest: Digest): Promise<Uint8Array> {
  const blob = await openBlob(engine, digest);
  return collect(blob.stream(), MAX_DOCUMENT);
}
