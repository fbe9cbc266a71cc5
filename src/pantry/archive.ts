import { utf8 } from '../engine/bytes.ts';
import { parseManifest } from '../engine/images/documents.ts';
import { contentOf } from '../engine/layer/content.ts';
import type { Content, Entry } from '../engine/layer/entry.ts';
import { ANNOTATION } from '../engine/oci/annotations.ts';
import { type Digest, hexOf } from '../engine/oci/digest.ts';
import type { Descriptor, Manifest } from '../engine/oci/image.ts';
import { MEDIA } from '../engine/oci/media-types.ts';
import { canonicalName, parseReference } from '../engine/oci/reference.ts';
import { directory, fileOf } from './entries.ts';
import type { Layout } from './layout.ts';

/** An image as an archive has it. */
export interface ArchivedImage {
  /** Of its manifest, one for every name that it gets, with the name in the annotation `refName`. */
  readonly descriptors: readonly [Descriptor, ...Descriptor[]];
  readonly manifest: Manifest;
  /** Blobs that are not in the layout, its manifest among them when it is not there. */
  readonly added?: ReadonlyMap<Digest, Uint8Array>;
}

/**
 * The entries of an archive that is an OCI image layout and that `docker load` takes as well, also
 * of a Docker that knows no OCI layouts. Blobs are read while the archive is written.
 */
export function imageArchive(layout: Layout, images: readonly ArchivedImage[]): readonly Entry[] {
  const blobs = new Map<Digest, Content>();
  for (const { descriptors, manifest, added } of images) {
    for (const { digest, size } of [descriptors[0], manifest.config, ...manifest.layers]) {
      const bytes = added?.get(digest);
      blobs.set(digest, bytes ? contentOf(bytes) : storedBlob(layout, digest, size));
    }
  }
  const index = {
    schemaVersion: 2,
    mediaType: MEDIA.ociIndex,
    manifests: images.flatMap(({ descriptors }) => descriptors.map(withImageName)),
  };
  // In full: Podman takes `busybox:1` for a name without registry, and Docker makes it short again.
  const docker = images.map(({ manifest, descriptors }) => ({
    Config: blobName(manifest.config.digest),
    RepoTags: descriptors.map((descriptor) => canonicalName(parseReference(nameOf(descriptor)))),
    Layers: manifest.layers.map((layer) => blobName(layer.digest)),
  }));
  return [
    directory('blobs'),
    directory('blobs/sha256'),
    ...[...blobs]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([digest, content]) => blob(digest, content)),
    fileOf('index.json', utf8(JSON.stringify(index))),
    fileOf('manifest.json', utf8(JSON.stringify(docker))),
    fileOf('oci-layout', utf8('{"imageLayoutVersion":"1.0.0"}')),
  ];
}

/** The images that some descriptors of a layout's index name, each once with all its names. */
export async function archivedImages(
  layout: Layout,
  descriptors: readonly Descriptor[],
): Promise<readonly ArchivedImage[]> {
  const same = new Map<Digest, [Descriptor, ...Descriptor[]]>();
  for (const descriptor of descriptors) {
    const others = same.get(descriptor.digest);
    if (others) others.push(descriptor);
    else same.set(descriptor.digest, [descriptor]);
  }
  return Promise.all(
    [...same.values()].map(async (names) => ({
      descriptors: names,
      manifest: parseManifest(await layout.read(names[0].digest)),
    })),
  );
}

function blobName(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`;
}

/** containerd looks for the whole name here, and takes `ref.name` for a tag. */
function withImageName(descriptor: Descriptor): Descriptor {
  const { annotations } = descriptor;
  return {
    ...descriptor,
    annotations: { ...annotations, [ANNOTATION.containerdName]: nameOf(descriptor) },
  };
}

/** The reference that a descriptor of a layout's index gives its image; '' when it gives none. */
export function nameOf({ annotations }: Descriptor): string {
  return annotations?.[ANNOTATION.refName] ?? '';
}

function storedBlob(layout: Layout, digest: Digest, size: number): Content {
  const read = () => Promise.reject(new Error('an exported blob is only streamed'));
  return { size, stream: () => layout.stream(digest), read };
}

function blob(digest: Digest, content: Content): Entry {
  const path = blobName(digest);
  const { size } = content;
  return { type: 'file', path, mode: 0o644, uid: 0, gid: 0, mtime: 0, size, content };
}
