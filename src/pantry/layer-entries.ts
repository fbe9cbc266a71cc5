import type { Entry } from '../engine/layer/entry.ts';
import { emptyTree } from '../engine/layer/file-tree.ts';
import { ociName } from './architectures.ts';
import { compilePython } from './bytecode.ts';
import { directory, mergeEntries } from './entries.ts';
import { busybox } from './generated/busybox.ts';
import { certificateBundle, certificateFolder, javaKeyStore } from './generated/certificates.ts';
import { goCache } from './generated/go-cache.ts';
import { ldSoCache } from './generated/ld-so-cache.ts';
import { wheelFiles } from './generated/wheel.ts';
import { wheelhouse } from './generated/wheelhouse.ts';
import { handFiles } from './hand-files.ts';
import type { LayerPlan } from './layer-plan.ts';
import type { Materials } from './materials.ts';
import { packageFiles } from './package-files.ts';
import type { Deb } from './packages/deb.ts';
import { dpkgDatabase, statusDEntries } from './packages/dpkg-database.ts';
import type { Generate } from './recipe.ts';

/** Everything in a layer, unsorted, each path once. */
export async function layerEntries(
  plan: LayerPlan,
  materials: Materials,
): Promise<readonly Entry[]> {
  const { recipe } = plan;
  const debs = await Promise.all(plan.packages.map((name) => materials.deb(name)));
  const files = recipe.packages ? await packageFiles(debs, recipe.packages) : [];
  const npm = recipe.npm ? await materials.npm(recipe.npm) : [];
  let merged = mergeEntries(files, npm);
  for (const part of recipe.generate ?? []) {
    if (part.kind === 'ld.so.cache') continue;
    merged = mergeEntries([...merged.values()], await generated(part, plan, materials));
  }
  merged = mergeEntries([...merged.values()], await database(plan, debs, materials));
  if (recipe.files) {
    const below = recipe.files.some((file) => 'copy' in file || 'append' in file)
      ? await materials.tree(plan.below)
      : emptyTree;
    const whole = below.apply([...merged.values()]);
    const byHand = await handFiles(recipe.files, async (path) => {
      const target = whole.resolve(path);
      return target === undefined ? undefined : whole.get(target)?.entry;
    });
    merged = mergeEntries([...merged.values()], byHand);
  }
  if (recipe.generate?.some((part) => part.kind === 'ld.so.cache')) {
    const root = (await materials.tree(plan.below)).apply([...merged.values()]);
    merged = mergeEntries([...merged.values()], [await ldSoCache(root)]);
  }
  if (compiles(plan)) {
    const compiled = await compilePython([...merged.values()], materials);
    merged = mergeEntries([...merged.values()], compiled);
  }
  const { mtime } = recipe;
  const entries = [...merged.values()];
  return mtime === undefined ? entries : entries.map((entry) => ({ ...entry, mtime }));
}

function compiles({ recipe, architecture }: LayerPlan): boolean {
  return recipe.bytecode?.architectures.includes(ociName(architecture)) ?? false;
}

async function generated(
  part: Generate,
  { architecture }: LayerPlan,
  materials: Materials,
): Promise<readonly Entry[]> {
  switch (part.kind) {
    case 'ca-certificates': {
      const deb = await materials.deb('ca-certificates');
      return part.hashed ? certificateFolder(deb) : certificateBundle(deb);
    }
    case 'java-cacerts':
      return [await javaKeyStore(await materials.deb('ca-certificates'), part.path.slice(1))];
    case 'busybox':
      return busybox(await materials.deb('busybox-static'), part);
    case 'wheel':
      return wheelFiles(await materials.deb(part.package), part);
    case 'go-cache':
      return goCache(part, architecture, materials);
    case 'wheelhouse':
      return wheelhouse(part, (name) => materials.deb(name));
    case 'ld.so.cache':
      return [];
  }
}

const STATUS_D = ['var', 'var/lib', 'var/lib/dpkg', 'var/lib/dpkg/status.d'];

/** How the image says which packages it has. */
async function database(
  plan: LayerPlan,
  debs: readonly Deb[],
  materials: Materials,
): Promise<readonly Entry[]> {
  const kind = plan.recipe.packages?.database;
  if (kind === 'status.d' && debs.length > 0) {
    return [
      ...STATUS_D.map((path) => directory(path)),
      ...debs.flatMap((deb) => statusDEntries(deb, { mtime: 0 })),
    ];
  }
  if (kind !== 'dpkg') return [];
  const below = await Promise.all(plan.packagesBelow.map((name) => materials.deb(name)));
  const all = await dpkgDatabase([...below, ...debs], { mtime: 0 });
  if (below.length === 0) return all;
  // `status` and the tables of triggers name all packages; `info/` of those below is there already.
  const theirs = new Set(
    (await dpkgDatabase(below, { mtime: 0 }))
      .map(({ path }) => path)
      .filter((path) => path.startsWith('var/lib/dpkg/info/')),
  );
  return all.filter(({ path }) => !theirs.has(path));
}
