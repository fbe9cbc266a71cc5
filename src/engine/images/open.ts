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

/** An image that may be in no catalog any more. */
export type OpenedDocuments = Omit<OpenedImage, 'record'>;

const cache = new WeakMap<Engine, Map<Digest, Promise<OpenedDocuments>>>();

/** Reads manifest and config of an image in the catalog; cached per engine. Errors: `blob-missing`. */
export async function openImage(engine: Engine, record: ImageRecord): Promise<OpenedImage> {
  const { id, manifest } = record;
  return { ...(await openDocuments(engine, { id, manifest: manifest.digest })), record };
}

/** As `openImage`, by the digests of config and manifest: a container's image may be gone. */
export async function openDocuments(
  engine: Engine,
  { id, manifest }: { readonly id: Digest; readonly manifest: Digest },
): Promise<OpenedDocuments> {
  let opened = cache.get(engine);
  if (!opened) {
    opened = new Map<Digest, Promise<OpenedDocuments>>();
    cache.set(engine, opened);
  }
  let image = opened.get(manifest);
  if (!image) {
    image = open(engine, id, manifest);
    opened.set(manifest, image);
  }
  try {
    return await image;
  } catch (error) {
    opened.delete(manifest);
    throw error;
  }
}

async function open(engine: Engine, id: Digest, digest: Digest): Promise<OpenedDocuments> {
  const manifestBytes = await readDocument(engine, digest);
  const configBytes = await readDocument(engine, id);
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
