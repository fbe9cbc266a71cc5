import { type ByteStream, utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { contentOf } from '../layer/content.ts';
import type { Entry } from '../layer/entry.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import { type Digest, hexOf } from '../oci/digest.ts';
import type { Descriptor } from '../oci/image.ts';
import { MEDIA } from '../oci/media-types.ts';
import { familiarName, familiarRepository, parseReference } from '../oci/reference.ts';
import { openBlob } from '../store/layered.ts';
import type { Blob } from '../store/port.ts';
import { writeTar } from '../tar/writer.ts';
import { type OpenedImage, openImage } from './open.ts';
import type { ImageRecord } from './record.ts';

export interface SavedImage {
  readonly record: ImageRecord;
  /** Canonical names to write; none for an image asked for by its ID. */
  readonly names: readonly string[];
}

/**
 * Images as one tar, an OCI image layout that is a docker-archive too, as Docker 26 writes it.
 * Blobs are written as they are stored, gzip or not. The same images give the same bytes.
 * Errors: `blob-missing`, before the first byte.
 */
export async function saveImages(
  engine: Engine,
  images: readonly SavedImage[],
): Promise<ByteStream> {
  const blobs = new Map<string, Blob>();
  const keep = async (digest: Digest): Promise<void> => {
    blobs.set(hexOf(digest), await openBlob(engine, digest));
  };
  const opened: (SavedImage & { readonly image: OpenedImage })[] = [];
  for (const { record, names } of images) {
    const image = await openImage(engine, record);
    await keep(record.id);
    await keep(record.manifest.digest);
    for (const layer of image.manifest.layers) await keep(layer.digest);
    opened.push({ record, names, image });
  }
  const documents = [
    file('index.json', utf8(JSON.stringify(layoutIndex(opened)))),
    file('manifest.json', utf8(`${JSON.stringify(dockerManifest(opened))}\n`)),
    file('oci-layout', utf8('{"imageLayoutVersion": "1.0.0"}')),
  ];
  const sorted = [...blobs].sort(([a], [b]) => (a < b ? -1 : 1));
  return writeTar([
    directory('blobs'),
    directory('blobs/sha256'),
    ...sorted.map(([hex, blob]) => blobEntry(`blobs/sha256/${hex}`, blob)),
    ...documents,
    ...repositories(opened),
  ]);
}

interface Opened {
  readonly record: ImageRecord;
  readonly names: readonly string[];
  readonly image: OpenedImage;
}

function layoutIndex(images: readonly Opened[]): unknown {
  return {
    schemaVersion: 2,
    mediaType: MEDIA.ociIndex,
    manifests: images.flatMap(({ record, names, image }) => {
      const descriptor: Descriptor = {
        mediaType: record.manifest.mediaType,
        digest: record.manifest.digest,
        size: image.manifestBytes.length,
      };
      if (names.length === 0) return [descriptor];
      return names.map((name) => ({
        ...descriptor,
        annotations: {
          [ANNOTATION.containerdName]: name,
          [ANNOTATION.refName]: parseReference(name).tag ?? '',
          ...(record.standIn && {
            [ANNOTATION.standsInFor]: record.standIn.standsInFor,
            [ANNOTATION.differs]: JSON.stringify(record.standIn.differs),
          }),
        },
      }));
    }),
  };
}

function dockerManifest(images: readonly Opened[]): unknown {
  return images.map(({ record, names, image: { manifest, config } }) => {
    const sources = manifest.layers.map(
      (layer, index) => [config.rootfs.diff_ids[index] ?? layer.digest, layer] as const,
    );
    return {
      Config: blobPath(record.id),
      RepoTags: names.length === 0 ? null : names.map((name) => familiarName(parseReference(name))),
      Layers: manifest.layers.map(({ digest }) => blobPath(digest)),
      LayerSources: Object.fromEntries(
        sources.map(([diffId, { mediaType, size, digest }]) => [
          diffId,
          { mediaType, size, digest },
        ]),
      ),
    };
  });
}

/** What Dockers before 1.10 looked names up in; `docker load` still falls back to it. */
function repositories(images: readonly Opened[]): readonly Entry[] {
  const byRepository: Record<string, Record<string, string>> = {};
  for (const { names, image } of images) {
    const top = image.config.rootfs.diff_ids.at(-1);
    for (const name of names) {
      const ref = parseReference(name);
      if (ref.tag === undefined || top === undefined) continue;
      (byRepository[familiarRepository(ref)] ??= {})[ref.tag] = hexOf(top);
    }
  }
  if (Object.keys(byRepository).length === 0) return [];
  return [file('repositories', utf8(`${JSON.stringify(byRepository)}\n`))];
}

function blobPath(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`;
}

const OWNED = { uid: 0, gid: 0, mtime: 0 } as const;

function directory(path: string): Entry {
  return { type: 'dir', path, mode: 0o755, size: 0, ...OWNED };
}

function file(path: string, bytes: Uint8Array): Entry {
  const content = contentOf(bytes);
  return { type: 'file', path, mode: 0o644, size: bytes.length, content, ...OWNED };
}

function blobEntry(path: string, blob: Blob): Entry {
  const { size } = blob;
  return { type: 'file', path, mode: 0o644, size, content: blob, ...OWNED };
}
