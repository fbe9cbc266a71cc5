import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip, gzipSync } from 'node:zlib';
import { writeEstargz } from '../engine/estargz/write.ts';
import { contentOf } from '../engine/layer/content.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { emptyTree } from '../engine/layer/file-tree.ts';
import { entriesOfTar } from '../engine/layer/from-tar.ts';
import { sortEntries } from '../engine/layer/sort.ts';
import { sizeOfFiles } from '../engine/layer/write.ts';
import type { Limiter } from '../engine/limiter.ts';
import type { Platform } from '../engine/platform.ts';
import type { BuildState, BuiltLayer } from './build-state.ts';
import { LATER } from './generated/go-cache.ts';
import { layerEntries } from './layer-entries.ts';
import { type LayerPlan, looksBelow, packageOf } from './layer-plan.ts';
import type { Layout } from './layout.ts';
import type { Materials } from './materials.ts';
import { type NpmLock, npmEntries } from './npm-package.ts';
import type { Deb } from './packages/deb.ts';
import { readDeb } from './packages/deb.ts';
import type { Obtained } from './packages/obtain.ts';

export interface LayerBuilderOptions {
  readonly layout: Layout;
  readonly state: BuildState;
  readonly platform: Platform;
  readonly obtained: Obtained;
  readonly npmLock: NpmLock;
  readonly npmFolder: string;
  /** Layers made at the same time, shared between builders. */
  readonly workers: Limiter;
  /** Aborted, no further layer is begun. */
  readonly signal: AbortSignal;
  /** Called with the milliseconds that making a layer took. */
  readonly onMade?: (plan: LayerPlan, milliseconds: number) => void;
  /** Called when a layer is there, made or found. */
  readonly onLayer?: (plan: LayerPlan, layer: BuiltLayer) => void;
}

/** Makes layers, each key once however many images have it. */
export function layerBuilder(
  options: LayerBuilderOptions,
): (plan: LayerPlan) => Promise<BuiltLayer> {
  const { layout, state } = options;
  const building = new Map<string, Promise<BuiltLayer>>();
  const materials = materialsOf(options, build);

  function build(plan: LayerPlan): Promise<BuiltLayer> {
    const running = building.get(plan.key) ?? buildOnce(plan);
    building.set(plan.key, running);
    return running;
  }

  async function buildOnce(plan: LayerPlan): Promise<BuiltLayer> {
    const known = await state.layer(plan.key);
    if (known && (await layout.has(known))) {
      options.onLayer?.(plan, known);
      return known;
    }
    // What looks at the layers below waits for them first: a worker must not wait for a worker.
    if (looksBelow(plan.recipe)) await Promise.all(plan.below.map(build));
    const layer = await options.workers(async () => {
      options.signal.throwIfAborted();
      const started = performance.now();
      const made = await writeLayer(await layerEntries(plan, materials), options);
      options.onMade?.(plan, performance.now() - started);
      return made;
    });
    await state.keepLayer(plan.key, layer);
    options.onLayer?.(plan, layer);
    return layer;
  }
  return build;
}

/** Smaller than this, handing bytes to another thread costs more than compressing them. */
const SMALL = 32 * 1024;
/** The bytes are those of the zlib in the Node that the repository pins. Level 9 takes three times as long for a percent. */
const LEVEL = { level: 6 };
const gzipAside = promisify<Uint8Array, typeof LEVEL, Uint8Array>(gzip);

async function writeLayer(
  entries: readonly Entry[],
  { layout, platform }: LayerBuilderOptions,
): Promise<BuiltLayer> {
  const blob = await layout.begin();
  try {
    const result = await writeEstargz(sortEntries(entries.map(wholeSeconds)), {
      gzip: (bytes) => (bytes.length < SMALL ? gzipSync(bytes, LEVEL) : gzipAside(bytes, LEVEL)),
      platform,
      write: (bytes) => blob.write(bytes),
    });
    await blob.finish(result.digest);
    const { digest, size, diffId, annotations } = result;
    // A date that is set for what Go makes of it says nothing of when the file was made.
    const dates = entries.filter(({ mtime }) => mtime !== LATER);
    const newest = dates.reduce((latest, { mtime }) => Math.max(latest, Math.floor(mtime)), 0);
    return { digest, size, diffId, annotations, files: sizeOfFiles(entries), newest };
  } catch (error) {
    await blob.abort();
    throw error;
  }
}

function wholeSeconds(entry: Entry): Entry {
  return Number.isInteger(entry.mtime) ? entry : { ...entry, mtime: Math.floor(entry.mtime) };
}

/** Unpacked packages held in memory at most, in bytes of their files. */
const DEBS_KEPT = 768 * 1024 * 1024;

function materialsOf(
  options: LayerBuilderOptions,
  build: (plan: LayerPlan) => Promise<BuiltLayer>,
): Materials {
  const debs = new Map<string, { readonly deb: Promise<Deb>; size: number }>();
  const trees = new Map<string, Promise<readonly Entry[]>>();
  const entriesOf = async (plan: LayerPlan): Promise<readonly Entry[]> => {
    const { digest } = await build(plan);
    const tar = await promisify(gunzip)(await options.layout.read(digest));
    return entriesOfTar(contentOf(tar));
  };
  return {
    deb(name) {
      const known = debs.get(name);
      debs.delete(name);
      const item = known ?? {
        size: 0,
        deb: readFile(packageOf(options.obtained, name).path).then((bytes) => readDeb(bytes, name)),
      };
      debs.set(name, item);
      if (!known) {
        void item.deb.then(
          (deb) => {
            item.size = sizeOfFiles(deb.entries);
            let total = [...debs.values()].reduce((sum, { size }) => sum + size, 0);
            for (const [oldest, { size }] of debs) {
              if (total <= DEBS_KEPT) break;
              debs.delete(oldest);
              total -= size;
            }
          },
          () => debs.delete(name),
        );
      }
      return item.deb;
    },
    npm: (recipe) => npmEntries(recipe, options.npmLock, options.npmFolder),
    async tree(layers) {
      let tree = emptyTree;
      for (const layer of layers) {
        const entries = trees.get(layer.key) ?? entriesOf(layer);
        trees.set(layer.key, entries);
        tree = tree.apply(await entries);
      }
      return tree;
    },
    scratch: () => mkdtemp(join(tmpdir(), 'semdistro-pantry-')),
  };
}
