import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseDigest } from '../engine/oci/digest.ts';
import { writeWhole } from './layout.ts';
import { diskError } from './packages/disk-error.ts';

const digest = z.string().transform((text) => parseDigest(text));
const annotations = z.record(z.string(), z.string());

const builtLayer = z.object({
  digest,
  size: z.number(),
  diffId: digest,
  annotations,
  /** Sum of the files' sizes. */
  files: z.number(),
  /** Date of the newest file, seconds since 1970. */
  newest: z.number(),
});

/** A layer that is in the layout. */
export type BuiltLayer = z.infer<typeof builtLayer>;

const sourceRow = z.object({
  package: z.string(),
  version: z.string(),
  source: z.string(),
  sourceVersion: z.string(),
});

const builtImage = z.object({
  name: z.string(),
  manifest: z.object({ mediaType: z.string(), digest, size: z.number() }),
  /** Blobs the manifest names. */
  blobs: z.array(z.object({ digest, size: z.number() })),
  /** Sum of the sizes of all layers' files: what `docker images` shows. */
  unpacked: z.number(),
  /** Differences, those of this build (other package versions) included. */
  differs: z.array(z.string()).readonly(),
  /** Packages with the source packages they were built from. */
  sources: z.array(sourceRow).readonly(),
});

/** An image that is in the layout, with the record of what it was made from. */
export type BuiltImage = z.infer<typeof builtImage>;
export type SourceRow = z.infer<typeof sourceRow>;

/** What earlier builds made, by key. A record that cannot be read is as good as none. */
export interface BuildState {
  layer(key: string): Promise<BuiltLayer | undefined>;
  keepLayer(key: string, layer: BuiltLayer): Promise<void>;
  image(key: string): Promise<BuiltImage | undefined>;
  keepImage(key: string, image: BuiltImage): Promise<void>;
}

/** Makes the folder when it is not there. Rejects with `packages-disk` or `packages-permission`. */
export async function openBuildState(directory: string): Promise<BuildState> {
  const layers = join(directory, 'layers');
  const images = join(directory, 'images');
  try {
    await mkdir(layers, { recursive: true });
    await mkdir(images, { recursive: true });
  } catch (error) {
    throw diskError(error, directory);
  }
  return {
    layer: (key) => read(join(layers, `${key}.json`), builtLayer),
    keepLayer: (key, layer) => writeWhole(join(layers, `${key}.json`), JSON.stringify(layer)),
    image: (key) => read(join(images, `${key}.json`), builtImage),
    keepImage: (key, image) => writeWhole(join(images, `${key}.json`), JSON.stringify(image)),
  };
}

async function read<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}
