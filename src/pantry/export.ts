import { copyFile, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../engine/errors.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { ANNOTATION } from '../engine/oci/annotations.ts';
import type { Digest } from '../engine/oci/digest.ts';
import type { Descriptor } from '../engine/oci/image.ts';
import { canonicalName, familiarName, parseReference } from '../engine/oci/reference.ts';
import { writeTar } from '../engine/tar/writer.ts';
import { archivedImages, imageArchive, nameOf } from './archive.ts';
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
  const archived = await archivedImages(layout, images);
  const entries = imageArchive(layout, archived);
  const size = await writeArchive(file, entries);
  await copySources(
    layout,
    archived.map(({ descriptors }) => descriptors[0].digest),
    file,
  );
  const references = archived.flatMap(({ descriptors }) =>
    descriptors.map((descriptor) => familiarName(parseReference(nameOf(descriptor)))),
  );
  return { file, size, references };
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
