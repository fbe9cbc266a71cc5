import { createHash } from 'node:crypto';
import type { HistoryEntry } from '../engine/oci/image.ts';
import type { ObtainedPackage, Obtained, PackageRequest } from './packages/obtain.ts';
import type { Architecture } from './packages/port.ts';
import type { LayerRecipe, PackagesRecipe } from './recipe.ts';
import type { ResolvedImage } from './resolve.ts';

/**
 * Part of every layer's key: raise it when the code makes other bytes of the same recipe. The test
 * `build.test.ts` fails when that was forgotten.
 */
export const BUILDER_VERSION = 4;

/** One layer to make: everything its bytes depend on. Equal keys, equal bytes. */
export interface LayerPlan {
  readonly key: string;
  readonly recipe: LayerRecipe;
  readonly architecture: Architecture;
  /** The packages whose files it has, in order. */
  readonly packages: readonly string[];
  /** Packages of the layers below. */
  readonly packagesBelow: readonly string[];
  readonly below: readonly LayerPlan[];
}

export type PlannedRow =
  | { readonly layer: LayerPlan; readonly history: HistoryEntry }
  | { readonly layer?: undefined; readonly history: HistoryEntry };

/** What Python's bytecode is made with: these packages are fetched for it, but not put into the layer. */
export const INTERPRETER_PACKAGES = [
  'libc6',
  'libexpat1',
  'libgcc-s1',
  'libpython3.13-minimal',
  'libpython3.13-stdlib',
  'python3.13-minimal',
  'zlib1g',
];

/** Which packages some images are made of. */
export function requestOf(images: readonly ResolvedImage[]): PackageRequest {
  const names = new Set<string>();
  const closures = new Map<string, readonly string[]>();
  for (const { rows, architecture } of images) {
    for (const row of rows) {
      if (row.kind === 'empty') continue;
      const { packages } = row.layer;
      for (const name of packages?.install ?? []) names.add(name);
      if (packages?.closure === true) {
        closures.set(packages.install.join(' '), packages.install);
      }
      for (const name of helpersOf(row.layer, architecture)) names.add(name);
    }
  }
  return { names: [...names].sort(), closures: [...closures.values()] };
}

/** Packages that a layer's generated parts take files from. */
export function contributorsOf(recipe: LayerRecipe): readonly string[] {
  return (recipe.generate ?? []).flatMap((part): readonly string[] => {
    switch (part.kind) {
      case 'ca-certificates':
      case 'java-cacerts':
        return ['ca-certificates'];
      case 'busybox':
        return ['busybox-static'];
      case 'wheel':
        return [part.package];
      case 'go-cache':
        return part.toolchain;
      case 'wheelhouse':
        return part.packages.map((one) => one.package);
      case 'ld.so.cache':
        return [];
    }
  });
}

/** Packages that making a layer reads beside those it installs. */
function helpersOf(recipe: LayerRecipe, architecture: string): readonly string[] {
  const read = contributorsOf(recipe);
  const compiles = recipe.bytecode?.architectures.some((name) => name === architecture) ?? false;
  return compiles ? [...read, ...INTERPRETER_PACKAGES] : read;
}

/** An image's rows with their layers planned, now that it is known what the packages are. */
export function planRows(
  image: ResolvedImage,
  architecture: Architecture,
  obtained: Obtained,
): readonly PlannedRow[] {
  const planned: PlannedRow[] = [];
  const layers: LayerPlan[] = [];
  const installed: string[] = [];
  for (const row of image.rows) {
    if (row.kind === 'empty') {
      planned.push({ history: row.history });
      continue;
    }
    const packages = row.layer.packages ? packagesOf(row.layer.packages, installed, obtained) : [];
    const groups = splitByOrigin(packages, row.layer.packages, obtained);
    groups.forEach((group, index) => {
      const last = index === groups.length - 1;
      const recipe = last ? row.layer : packagesOnly(row.layer);
      const layer = planLayer(
        {
          recipe,
          architecture,
          packages: group,
          packagesBelow: [...installed],
          below: [...layers],
        },
        image,
        obtained,
      );
      installed.push(...group);
      layers.push(layer);
      planned.push({ layer, history: row.history });
    });
  }
  return planned;
}

/** What a layer installs: with a closure, all that is needed and not there yet. */
function packagesOf(
  recipe: PackagesRecipe,
  below: readonly string[],
  obtained: Obtained,
): readonly string[] {
  if (!recipe.closure) return recipe.install;
  const without = new Set([...below, ...recipe.without.map((item) => item.package)]);
  const unused = recipe.without.find(
    (item) => !obtained.closure(recipe.install).includes(item.package),
  );
  if (unused) throw new Error(`recipe: ${unused.package} is not in the closure it is left out of`);
  return obtained.closure(recipe.install).filter((name) => !without.has(name));
}

/**
 * apko's layering by origin: packages from one source stay together, the largest groups get a layer
 * each up to the budget, and the rest share one below them; the last layer is for what is no package.
 */
function splitByOrigin(
  packages: readonly string[],
  recipe: PackagesRecipe | undefined,
  obtained: Obtained,
): readonly (readonly string[])[] {
  const budget = recipe?.originBudget;
  if (budget === undefined) return [packages];
  const groups = new Map<string, string[]>();
  for (const name of packages) {
    const origin = packageOf(obtained, name).source.name;
    groups.set(origin, [...(groups.get(origin) ?? []), name]);
  }
  const size = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + packageOf(obtained, name).size, 0);
  const bySize = [...groups.entries()].sort(
    ([a, x], [b, y]) => size(y) - size(x) || (a < b ? -1 : 1),
  );
  // One of the budget is for what no package owns, and one for the packages that share.
  const own = bySize.slice(0, groups.size <= budget ? budget : budget - 1);
  const shared = bySize.slice(own.length).flatMap(([, names]) => names);
  return [...own.map(([, names]) => names), ...(shared.length > 0 ? [shared.sort()] : []), []];
}

/** The same layer without what comes on top of packages. */
function packagesOnly(recipe: LayerRecipe): LayerRecipe {
  const { createdBy, packages, bytecode, mtime } = recipe;
  return {
    createdBy,
    ...(packages && { packages }),
    ...(bytecode && { bytecode }),
    ...(mtime !== undefined && { mtime }),
  };
}

function planLayer(
  plan: Omit<LayerPlan, 'key'>,
  image: ResolvedImage,
  obtained: Obtained,
): LayerPlan {
  const { recipe, packages, packagesBelow, below } = plan;
  const hashes = (names: readonly string[]): readonly string[] =>
    names.map((name) => packageOf(obtained, name).sha256);
  // What it is called and when it applies changes no byte of it.
  const content = { ...recipe, createdBy: undefined, when: undefined };
  const inputs = [
    BUILDER_VERSION,
    plan.architecture,
    content,
    packages,
    hashes(packages),
    hashes(helpersOf(recipe, image.architecture)),
    recipe.packages?.database === 'dpkg' ? hashes(packagesBelow) : [],
    looksBelow(recipe) ? below.map((layer) => layer.key) : [],
  ];
  const key = createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
  return { ...plan, key };
}

/** Whether making the layer takes a look at those below, and so depends on all of them; most do not. */
export function looksBelow({ generate, files }: LayerRecipe): boolean {
  return (
    generate?.some((part) => part.kind === 'ld.so.cache') === true ||
    files?.some((file) => 'copy' in file || 'append' in file) === true
  );
}

/** A package that the request named; throws plainly otherwise. */
export function packageOf(obtained: Obtained, name: string): ObtainedPackage {
  const found = obtained.packages.get(name);
  if (!found) throw new Error(`package ${name} was not asked for`);
  return found;
}
