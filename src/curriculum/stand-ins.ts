import { join, resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import { historyRows } from '../engine/diff/rows.ts';
import type { Engine } from '../engine/engine.ts';
import { openImage } from '../engine/images/open.ts';
import { pullImage } from '../engine/images/pull.ts';
import { parseReference } from '../engine/oci/reference.ts';
import { portablePlatform } from '../engine/portable.ts';
import { memoryStore } from '../engine/store/memory.ts';
import { loadRecipes } from '../pantry/load-recipes.ts';
import { pantryHome } from '../pantry/pantry-home.ts';
import { publishedImages, resolveImage } from '../pantry/resolve.ts';
import { pantrySource } from '../pantry/source.ts';
import { REPOSITORY } from './repository.ts';

/** A stand-in's layers, as a picture of it needs them. */
export interface StandInLayers {
  /** As in the lesson: `gcr.io/distroless/base-debian13`. */
  readonly name: string;
  /** Lowest first; sizes in bytes, unpacked. */
  readonly layers: readonly {
    readonly diffId: string;
    readonly size: number;
    readonly createdBy: string;
  }[];
}

/** What the machine in the page runs. */
const PLATFORM = { os: 'linux', architecture: '386' };

/** Every name, with its tag, that a recipe answers to; what the checks of lessons know of images. */
export async function standInNames(): Promise<ReadonlySet<string>> {
  const recipes = await loadRecipes(join(REPOSITORY, 'src/pantry/recipes'));
  return new Set(
    publishedImages(recipes).flatMap((id) =>
      resolveImage(recipes, id, '386').flatMap(({ references }) => references),
    ),
  );
}

/** As the recipes write it: `docker.io/library/busybox:latest`. */
export function fullName(reference: string): string {
  const { domain, path, tag = 'latest' } = parseReference(reference);
  return `${domain}/${path}:${tag}`;
}

/** Reads a stand-in out of the pantry that the set-up made. Rejects with EngineError `manifest-unknown`. */
export async function standInLayers(reference: string): Promise<StandInLayers> {
  const engine = pantryEngine();
  const { record } = await pullImage(engine, parseReference(reference), PLATFORM);
  const rows = historyRows(await openImage(engine, record));
  return {
    name: reference,
    layers: rows.flatMap(({ row, diffId }) =>
      diffId === undefined ? [] : [{ diffId, size: row.size, createdBy: row.createdBy }],
    ),
  };
}

/** `$SEMDISTRO_CACHE`, or `.cache` of the repository: where the set-up leaves what it makes. */
export function cacheFolder(): string {
  const given = process.env['SEMDISTRO_CACHE'];
  return given === undefined || given === '' ? join(REPOSITORY, '.cache') : resolve(given);
}

function pantryEngine(): Engine {
  const platform = portablePlatform({
    now: () => 0,
    randomHex: (digits) => randomBytes(digits).toString('hex').slice(0, digits),
  });
  return {
    store: memoryStore(platform),
    sources: [pantrySource(pantryHome(cacheFolder()).layout)],
    platform,
    defaultPlatform: PLATFORM,
  };
}
