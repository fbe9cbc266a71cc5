import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { REPOSITORY } from '../curriculum/repository.ts';
import { cacheFolder } from '../curriculum/stand-ins.ts';
import { parseManifest } from '../engine/images/documents.ts';
import { ANNOTATION } from '../engine/oci/annotations.ts';
import { parseDigest } from '../engine/oci/digest.ts';
import type { Descriptor } from '../engine/oci/image.ts';
import { openLayout, UNPACKED_SIZE } from '../pantry/layout.ts';
import { loadRecipes } from '../pantry/load-recipes.ts';
import { pantryHome } from '../pantry/pantry-home.ts';
import { ARCHITECTURES, type OciArchitecture } from '../pantry/recipe.ts';
import { publishedImages, resolveImage, type ResolvedImage } from '../pantry/resolve.ts';
import { sourcesPath } from '../pantry/sources.ts';

/**
 * What the pages say about the stand-ins: from the recipes, which are in the repository, and from the
 * pantry's layout, which is there once `npm start` made it.
 */

/** One upstream project and what stands in for its images. */
export interface StandInFamily {
  readonly id: string;
  readonly title: string;
  readonly upstream: string;
  readonly images: readonly StandIn[];
}

/** One image, which may have several names: `base-debian13:latest` and `base:latest`. */
export interface StandIn {
  /** Unique on a page, fit for an anchor. */
  readonly id: string;
  /** As upstream writes them, normalised, with tag. */
  readonly references: readonly string[];
  /** What is in Debian's packages only, or is otherwise not upstream's; on the machine's architecture. */
  readonly differs: readonly string[];
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** Undefined while the pantry is not built. */
  readonly built: BuiltStandIn | undefined;
}

export interface BuiltStandIn {
  /** Bytes of all files, by architecture. */
  readonly sizes: Readonly<Partial<Record<OciArchitecture, number>>>;
  /** On the machine's architecture, the lowest first; bytes as a tar. */
  readonly layers: readonly { readonly createdBy: string; readonly size: number }[];
  /** Debian's packages in it on the machine's architecture, by name. */
  readonly packages: readonly { readonly name: string; readonly version: string }[];
}

const MACHINE: OciArchitecture = '386';
const LAYER_SIZE = 'io.containers.estargz.uncompressed-size';

const sources = z.object({
  packages: z.array(z.object({ package: z.string(), version: z.string() })),
  npm: z.array(z.object({ package: z.string(), version: z.string() })).default([]),
});
const configuration = z.object({
  history: z.array(
    z.object({ created_by: z.string().default(''), empty_layer: z.boolean().default(false) }),
  ),
});

let read: Promise<readonly StandInFamily[]> | undefined;

/** All that people see, in the order of the recipes; read once a build. */
export function standIns(): Promise<readonly StandInFamily[]> {
  read ??= readStandIns(cacheFolder());
  return read;
}

/** The same of another cache folder. */
export async function readStandIns(cache: string): Promise<readonly StandInFamily[]> {
  const directory = pantryHome(cache).layout;
  const recipes = await loadRecipes(join(REPOSITORY, 'src/pantry/recipes'));
  const manifests = await openLayout(directory).manifests();
  const families = new Map<string, StandInFamily & { readonly images: StandIn[] }>();
  for (const id of publishedImages(recipes)) {
    for (const image of resolveImage(recipes, id, MACHINE)) {
      if (image.family.audience !== 'people') continue;
      const { family, title, upstream } = image.family;
      const entry = families.get(family) ?? { id: family, title, upstream, images: [] };
      families.set(family, entry);
      entry.images.push(await standInOf(image, directory, manifests));
    }
  }
  return [...families.values()];
}

/** Whether there is a pantry to tell sizes and packages from. */
export function isBuilt(families: readonly StandInFamily[]): boolean {
  return families.some(({ images }) => images.some(({ built }) => built !== undefined));
}

async function standInOf(
  image: ResolvedImage,
  directory: string,
  manifests: readonly Descriptor[],
): Promise<StandIn> {
  const { config, references, name } = image;
  const own = manifests.filter(
    ({ annotations }) => annotations?.[ANNOTATION.refName] === references[0],
  );
  return {
    id: name.replaceAll(/[^a-z0-9]+/g, '-'),
    references,
    differs: image.differs,
    user: config.user ?? '',
    entrypoint: config.entrypoint ?? [],
    command: config.cmd ?? [],
    built: await builtFrom(own, directory),
  };
}

async function builtFrom(
  own: readonly Descriptor[],
  directory: string,
): Promise<BuiltStandIn | undefined> {
  const sizes = Object.fromEntries(
    ARCHITECTURES.flatMap((architecture) => {
      const found = own.find(({ platform }) => platform?.architecture === architecture);
      return found ? [[architecture, Number(found.annotations?.[UNPACKED_SIZE] ?? 0)]] : [];
    }),
  );
  const here = own.find(({ platform }) => platform?.architecture === MACHINE);
  if (here === undefined) return undefined;
  const layout = openLayout(directory);
  const manifest = parseManifest(await layout.read(here.digest));
  const { history } = configuration.parse(
    JSON.parse(new TextDecoder().decode(await layout.read(manifest.config.digest))),
  );
  const rows = history.filter(({ empty_layer }) => !empty_layer);
  const record = sources.parse(
    JSON.parse(await readFile(sourcesPath(directory, parseDigest(here.digest)), 'utf8')),
  );
  return {
    sizes,
    layers: manifest.layers.map(({ annotations }, at) => ({
      createdBy: rows[at]?.created_by ?? '',
      size: Number(annotations?.[LAYER_SIZE] ?? 0),
    })),
    packages: [...record.packages, ...record.npm].map(({ package: name, version }) => ({
      name,
      version,
    })),
  };
}
