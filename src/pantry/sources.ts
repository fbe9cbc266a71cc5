import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hexOf } from '../engine/oci/digest.ts';
import type { Digest } from '../engine/oci/digest.ts';
import type { BuiltImage, SourceRow } from './build-state.ts';
import { type Layout, writeWhole } from './layout.ts';
import { diskError } from './packages/disk-error.ts';
import type { ResolvedImage } from './resolve.ts';

/** What an image was built from, as the record beside it says. */
export interface SourcesRecord {
  readonly image: string;
  readonly references: readonly string[];
  readonly platform: string;
  readonly manifest: Digest;
  /** Debian's packages with the source packages they were built from, by name. */
  readonly packages: readonly SourceRow[];
  /** Files from the npm registry. */
  readonly npm: readonly {
    readonly package: string;
    readonly version: string;
    readonly source: string;
  }[];
}

/** The record's place in a layout: `sources/<manifest digest>.json`. */
export function sourcesPath(directory: string, manifest: Digest): string {
  return join(directory, 'sources', `${hexOf(manifest)}.json`);
}

/** Writes the names and versions of source packages beside the image: the licences ask for the sources. */
export async function writeSources(
  layout: Layout,
  image: ResolvedImage,
  built: BuiltImage,
): Promise<void> {
  const record: SourcesRecord = {
    image: image.name,
    references: image.references,
    platform: `linux/${image.architecture}`,
    manifest: built.manifest.digest,
    packages: built.sources,
    npm: image.rows.flatMap((row) => {
      if (row.kind === 'empty' || !row.layer.npm) return [];
      const { package: name, version, source } = row.layer.npm;
      return [{ package: name, version, source }];
    }),
  };
  try {
    await mkdir(join(layout.directory, 'sources'), { recursive: true });
  } catch (error) {
    throw diskError(error, layout.directory);
  }
  await writeWhole(
    sourcesPath(layout.directory, built.manifest.digest),
    `${JSON.stringify(record, null, 1)}\n`,
  );
}
