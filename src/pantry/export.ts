import { createReadStream } from 'node:fs';
import { copyFile, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { utf8 } from '../engine/bytes.ts';
import { EngineError } from '../engine/errors.ts';
import { parseManifest } from '../engine/images/documents.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { ANNOTATION } from '../engine/oci/annotations.ts';
import { type Digest, hexOf } from '../engine/oci/digest.ts';
import type { Descriptor } from '../engine/oci/image.ts';
import { MEDIA } from '../engine/oci/media-types.ts';
import { canonicalName, familiarName, parseReference } from '../engine/oci/reference.ts';
import { writeTar } from '../engine/tar/writer.ts';
import { directory, fileOf } from './entries.ts';
import { type Layout, openLayout } from './layout.ts';
import { makeFolder } from './make-folder.ts';
import { diskError } from './packages/disk-error.ts';
import type { Family, OciArchitecture } from './recipe.ts';
import { resolveImage } from './resolve.ts';
import { sourcesPath } from './sources.ts';

export interface ExportedFile {
  readonly file: string;
  readonly size: number;
  readonly references: readonly string[];
}

export interface ExportOptions {
  /** The image layout. */
  readonly layout: string;
  readonly recipes: readonly Family[];
  /** `family/id` of each. */
  readonly ids: readonly string[];
  readonly architectures: readonly OciArchitecture[];
  /** A folder, made when it is not there. */
  readonly output: string;
  readonly onFile?: (done: number, total: number) => void;
}

/**
 * One archive per image and platform with all its tags, each an OCI image layout that `docker load`
 * takes as well; beside it a file with the source packages. Rejects with `pantry-not-built`.
 */
export async function exportPantry(options: ExportOptions): Promise<readonly ExportedFile[]> {
  const layout = openLayout(options.layout);
  const manifests = await layout.manifests();
  const written: ExportedFile[] = [];
  const total = options.ids.length * options.architectures.length;
  try {
    makeFolder(options.output);
  } catch (error) {
    throw diskError(error, options.output);
  }
  for (const architecture of options.architectures) {
    for (const id of options.ids) {
      const wanted = new Set(
        resolveImage(options.recipes, id, architecture).flatMap((image) =>
          image.references.map((reference) => canonicalName(parseReference(reference))),
        ),
      );
      if (wanted.size === 0) continue; // there is none for this platform, and none is missing
      const images = manifests.filter(
        ({ annotations, platform }) =>
          platform?.architecture === architecture &&
          wanted.has(annotations?.[ANNOTATION.refName] ?? ''),
      );
      if (images.length < wanted.size) {
        throw new EngineError('pantry-not-built', `${id} for linux/${architecture} is not built`, {
          hint: `Run \`semdistro pantry build --platform linux/${architecture} ${id}\` first.`,
        });
      }
      const file = join(options.output, `${id.replace('/', '-')}-linux-${architecture}.tar`);
      written.push(await exportImages(layout, images, file));
      options.onFile?.(written.length, total);
    }
  }
  return written;
}

async function exportImages(
  layout: Layout,
  images: readonly Descriptor[],
  file: string,
): Promise<ExportedFile> {
  const names = new Map<Digest, string[]>();
  for (const { digest, annotations } of images) {
    const name = familiarName(parseReference(annotations?.[ANNOTATION.refName] ?? ''));
    names.set(digest, [...(names.get(digest) ?? []), name]);
  }
  const blobs = new Map<Digest, number>();
  const docker: unknown[] = [];
  for (const [digest, tags] of names) {
    const bytes = await layout.read(digest);
    const manifest = parseManifest(bytes);
    blobs.set(digest, bytes.length);
    for (const blob of [manifest.config, ...manifest.layers]) blobs.set(blob.digest, blob.size);
    docker.push({
      Config: blobName(manifest.config.digest),
      RepoTags: tags,
      Layers: manifest.layers.map((layer) => blobName(layer.digest)),
    });
  }
  const index = {
    schemaVersion: 2,
    mediaType: MEDIA.ociIndex,
    manifests: images.map(withImageName),
  };
  const entries: Entry[] = [
    directory('blobs'),
    directory('blobs/sha256'),
    ...[...blobs]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([digest, size]) => blob(layout, digest, size)),
    fileOf('index.json', utf8(JSON.stringify(index))),
    fileOf('manifest.json', utf8(JSON.stringify(docker))),
    fileOf('oci-layout', utf8('{"imageLayoutVersion":"1.0.0"}')),
  ];
  const size = await writeArchive(file, entries);
  await copySources(layout, [...names.keys()], file);
  return { file, size, references: [...names.values()].flat() };
}

function blobName(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`;
}

/** containerd looks for the whole name here, and takes `ref.name` for a tag. */
function withImageName(descriptor: Descriptor): Descriptor {
  const name = descriptor.annotations?.[ANNOTATION.refName] ?? '';
  return {
    ...descriptor,
    annotations: { ...descriptor.annotations, [ANNOTATION.containerdName]: name },
  };
}

function blob(layout: Layout, digest: Digest, size: number): Entry {
  const path = layout.blobPath(digest);
  const stream = () => createReadStream(path);
  const read = () => Promise.reject(new Error('an exported blob is only streamed'));
  return {
    type: 'file',
    path: blobName(digest),
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    size,
    content: { size, stream, read },
  };
}

async function writeArchive(file: string, entries: readonly Entry[]): Promise<number> {
  const temporary = `${file}.new`;
  try {
    const handle = await open(temporary, 'w');
    try {
      for await (const chunk of writeTar(entries)) await handle.write(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    return (await stat(file)).size;
  } catch (error) {
    await rm(temporary, { force: true });
    throw diskError(error, file);
  }
}

async function copySources(
  layout: Layout,
  manifests: readonly Digest[],
  file: string,
): Promise<void> {
  // The variants of an image have the same packages but for debugging: the largest record says all.
  const records = await Promise.all(
    manifests.map(async (digest) => {
      const path = sourcesPath(layout.directory, digest);
      return { path, size: (await stat(path).catch(() => undefined))?.size ?? 0 };
    }),
  );
  const [largest] = records.sort((a, b) => b.size - a.size);
  if (largest && largest.size > 0) {
    await copyFile(largest.path, file.replace(/\.tar$/, '.sources.json'));
  }
}
