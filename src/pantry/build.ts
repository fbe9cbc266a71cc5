import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { ANNOTATION } from '../engine/oci/annotations.ts';
import type { Descriptor } from '../engine/oci/image.ts';
import { canonicalName, parseReference } from '../engine/oci/reference.ts';
import type { Platform } from '../engine/platform.ts';
import {
  type BuildState,
  type BuiltImage,
  type BuiltLayer,
  openBuildState,
  type SourceRow,
} from './build-state.ts';
import { imageDocuments, upstreamVersion } from './image-documents.ts';
import { layerBuilder } from './layer-build.ts';
import {
  BUILDER_VERSION,
  contributorsOf,
  type LayerPlan,
  packageOf,
  type PlannedRow,
  planRows,
  requestOf,
} from './layer-plan.ts';
import { type Layout, openLayout, removeLeftovers, UNPACKED_SIZE } from './layout.ts';
import { loadRecipes } from './load-recipes.ts';
import { writeSources } from './sources.ts';
import { type NpmLock, readNpmLock } from './npm-package.ts';
import { aptSource } from './packages/apt.ts';
import { type PackageCache, packageCache } from './packages/cache.ts';
import { formatLock, type Lock, readLock } from './packages/lock.ts';
import { type Obtained, obtainPackages } from './packages/obtain.ts';
import type { Architecture, PackageSource } from './packages/port.ts';
import { LOCKS, pantryHome } from './pantry-home.ts';
import { debianName, ociName } from './architectures.ts';
import type { Family, OciArchitecture } from './recipe.ts';
import { type ResolvedImage, resolveImage } from './resolve.ts';
import { selectImages } from './select.ts';
import { EngineError } from '../engine/errors.ts';
import { limiter, type Limiter } from '../engine/limiter.ts';

export interface BuildOptions {
  /** `.cache` of the repository; all the pantry keeps is below it. */
  readonly cacheDir: string;
  readonly platform: Platform;
  /** OCI's names of architectures: `386`, `amd64`, `arm64`. */
  readonly architectures: readonly OciArchitecture[];
  /** References, repositories, families or `family/id`; empty for all. */
  readonly images?: readonly string[];
  readonly onProgress?: (progress: BuildProgress) => void;
  /** Called with the milliseconds that making a layer took. */
  readonly onMade?: (plan: LayerPlan, milliseconds: number) => void;
  readonly recipes?: readonly Family[];
  readonly locks?: string;
  /** Where packages come from; apt when missing. */
  readonly source?: (cache: PackageCache) => PackageSource;
  readonly signal?: AbortSignal;
}

export interface BuildProgress {
  /** What is going on, a few words. */
  readonly step: string;
  /** Of `total`, in units of the step (bytes or layers). */
  readonly done: number;
  readonly total: number;
}

export interface BuildReport {
  /** Images that were made or were there already, with what they are. */
  readonly images: readonly {
    readonly image: ResolvedImage;
    readonly built: BuiltImage;
    readonly cached: boolean;
  }[];
  /** Lines to show: packages that are not as locked, indices that could not be had. */
  readonly notes: readonly string[];
}

/**
 * Builds images into the layout below `cacheDir`. Nothing is done twice: layers and images are
 * found by the hash of everything they are made of. Killed at any moment, the next call goes on.
 */
export async function buildPantry(options: BuildOptions): Promise<BuildReport> {
  const home = pantryHome(options.cacheDir);
  const recipes = options.recipes ?? (await loadRecipes());
  const locks = options.locks ?? LOCKS;
  const layout = openLayout(home.layout);
  const [state, npmLock] = await Promise.all([openBuildState(home.state), readNpmLock(locks)]);
  await removeLeftovers(home.layout);
  const ids = selectImages(recipes, options.images ?? []);
  const cache = packageCache(home.packages);
  const source =
    options.source?.(cache) ?? aptSource({ directory: home.apt, cache, release: 'trixie' });
  const context: Context = {
    ...{ options, recipes, layout, state, npmLock, cache, source, npmFolder: home.npm },
    workers: limiter(Math.max(2, Math.min(4, cpus().length))),
  };
  const images: BuiltReport[] = [];
  const notes: string[] = [];
  for (const architecture of options.architectures) {
    const lock = await lockOf(locks, debianName(architecture));
    const report = await buildArchitecture(ids, architecture, lock, context);
    images.push(...report.images);
    notes.push(...report.notes);
  }
  return { images, notes };
}

interface Context {
  readonly options: BuildOptions;
  readonly recipes: readonly Family[];
  readonly layout: Layout;
  readonly state: BuildState;
  readonly npmLock: NpmLock;
  readonly npmFolder: string;
  readonly cache: PackageCache;
  readonly source: PackageSource;
  readonly workers: Limiter;
}

async function lockOf(folder: string, architecture: Architecture): Promise<Lock> {
  const lock = await readLock(folder, architecture);
  if (lock) return lock;
  throw new EngineError('lock-missing', `there is no lock for ${architecture}`, {
    hint: `Run \`semdistro pantry lock --platform linux/${ociName(architecture)}\`.`,
  });
}

type BuiltReport = BuildReport['images'][number];

interface Wanted {
  readonly image: ResolvedImage;
  readonly key: string;
}

async function buildArchitecture(
  ids: readonly string[],
  architecture: OciArchitecture,
  lock: Lock,
  context: Context,
): Promise<BuildReport> {
  const { recipes, layout, options } = context;
  const images = ids.flatMap((id) => resolveImage(recipes, id, architecture));
  const { done, wanted } = await sortOut(images, lock, context);
  // An image that is there may still lack its names, after a kill or an index that was removed.
  await layout.add(done.flatMap(({ image, built }) => descriptorsOf(image, built)));
  if (wanted.length === 0) return { images: done, notes: [] };
  const request = requestOf(wanted.map(({ image }) => image));
  const obtained = await obtainPackages(context.source, context.cache, lock, request, {
    onStep: (step) => options.onProgress?.({ step, done: 0, total: 0 }),
    onProgress: (progress) =>
      options.onProgress?.({ step: `packages for linux/${architecture}`, ...progress }),
    ...(options.signal && { signal: options.signal }),
  });
  const made = await makeImages(wanted, architecture, obtained, context);
  return { images: [...done, ...made], notes: obtained.notes };
}

/** Which images are there with all their blobs, and which have to be made. */
async function sortOut(
  images: readonly ResolvedImage[],
  lock: Lock,
  { state, layout, npmLock }: Context,
): Promise<{ readonly done: readonly BuiltReport[]; readonly wanted: readonly Wanted[] }> {
  const done: BuiltReport[] = [];
  const wanted: Wanted[] = [];
  for (const image of images) {
    const key = imageKey(image, lock, npmLock);
    const built = await state.image(key);
    const complete =
      built && (await Promise.all(built.blobs.map((blob) => layout.has(blob)))).every(Boolean);
    if (complete) done.push({ image, built, cached: true });
    else wanted.push({ image, key });
  }
  return { done, wanted };
}

/** Makes images at the same time; one that fails stops the others, and what is made by then is kept. */
async function makeImages(
  wanted: readonly Wanted[],
  architecture: OciArchitecture,
  obtained: Obtained,
  context: Context,
): Promise<readonly BuiltReport[]> {
  const { options, layout, state, npmLock, npmFolder, workers } = context;
  const plans = wanted.map(({ image, key }) => ({
    ...{ image, key },
    rows: planRows(image, debianName(architecture), obtained),
  }));
  const keys = new Set(
    plans.flatMap(({ rows }) => rows.flatMap(({ layer }) => (layer ? [layer.key] : []))),
  );
  const stop = new AbortController();
  let layersDone = 0;
  const build = layerBuilder({
    ...{ layout, state, obtained, npmLock, npmFolder, workers },
    platform: options.platform,
    signal: options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal,
    ...(options.onMade && { onMade: options.onMade }),
    onLayer: () => {
      layersDone++;
      const step = `layers for linux/${architecture}`;
      options.onProgress?.({ step, done: layersDone, total: keys.size });
    },
  });
  const making = plans.map((plan) => makeImage(plan, build, obtained, context));
  try {
    return await Promise.all(making);
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(making);
    throw error;
  }
}

async function makeImage(
  { image, key, rows }: Wanted & { readonly rows: readonly PlannedRow[] },
  build: (plan: LayerPlan) => Promise<BuiltLayer>,
  obtained: Obtained,
  { layout, state, options }: Context,
): Promise<BuiltReport> {
  const planned = rows.flatMap(({ layer }) => (layer ? [layer] : []));
  const layers = await Promise.all(planned.map(build));
  const packages = [
    ...new Set(planned.flatMap((plan) => [...plan.packages, ...contributorsOf(plan.recipe)])),
  ];
  const differs = [...image.differs, ...drift(packages, obtained)];
  const version = (name: string): string => upstreamVersion(packageOf(obtained, name).version);
  const documents = imageDocuments({ image, rows, layers, version, differs }, options.platform);
  await layout.put(documents.config, documents.document.config.digest);
  await layout.put(documents.manifest, documents.manifestDescriptor.digest);
  const { mediaType, digest, size } = documents.manifestDescriptor;
  const built: BuiltImage = {
    name: image.name,
    manifest: { mediaType, digest, size },
    blobs: [{ digest, size }, documents.document.config, ...documents.document.layers].map(
      (blob) => ({ digest: blob.digest, size: blob.size }),
    ),
    unpacked: layers.reduce((sum, layer) => sum + layer.files, 0),
    differs,
    sources: sourcesOf(packages, obtained),
  };
  await writeSources(layout, image, built);
  await layout.add(descriptorsOf(image, built));
  await state.keepImage(key, built);
  return { image, built, cached: false };
}

/** Everything an image is made of: what has not changed need not be looked at. */
function imageKey(image: ResolvedImage, lock: Lock, npmLock: NpmLock): string {
  const { family, config, ...rest } = image;
  const inputs = [
    BUILDER_VERSION,
    rest,
    family.created,
    { ...config, env: [...config.env] },
    formatLock(lock),
    [...npmLock],
  ];
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

/** One descriptor per reference. */
function descriptorsOf(image: ResolvedImage, built: BuiltImage): readonly Descriptor[] {
  return image.references.map((reference) => ({
    ...built.manifest,
    platform: { os: 'linux', architecture: image.architecture },
    annotations: {
      [ANNOTATION.refName]: canonicalName(parseReference(reference)),
      ...(image.family.audience === 'people' && { [ANNOTATION.standsInFor]: reference }),
      [ANNOTATION.differs]: JSON.stringify(built.differs),
      [UNPACKED_SIZE]: String(built.unpacked),
    },
  }));
}

/** Packages that are not in the version the lock says; said by the image, since its digest is another. */
function drift(packages: readonly string[], obtained: Obtained): readonly string[] {
  return packages.flatMap((name) => {
    const { version, lockedVersion } = packageOf(obtained, name);
    if (lockedVersion === undefined) return [];
    return [
      `Package ${name} is version ${version}; the lock names ${lockedVersion}, which the mirror no longer has.`,
    ];
  });
}

function sourcesOf(packages: readonly string[], obtained: Obtained): readonly SourceRow[] {
  return [...packages].sort().map((name) => {
    const { version, source } = packageOf(obtained, name);
    return { package: name, version, source: source.name, sourceVersion: source.version };
  });
}
