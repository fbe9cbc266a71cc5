import { debianName } from './architectures.ts';
import type { BuildOptions } from './build.ts';
import { requestOf } from './layer-plan.ts';
import { loadRecipes } from './load-recipes.ts';
import {
  currentIntegrity,
  type NpmLock,
  npmName,
  readNpmLock,
  writeNpmLock,
} from './npm-package.ts';
import { aptSource } from './packages/apt.ts';
import { packageCache } from './packages/cache.ts';
import { readLock, writeLock } from './packages/lock.ts';
import { currentLock, describeLockChange } from './packages/obtain.ts';
import { LOCKS, pantryHome } from './pantry-home.ts';
import type { NpmRecipe } from './recipe.ts';
import { publishedImages, type ResolvedImage, resolveImage } from './resolve.ts';

/** Writes the lock files anew with what the mirror has now; one line per architecture of what changed. */
export async function lockPantry(
  options: Pick<
    BuildOptions,
    'cacheDir' | 'architectures' | 'recipes' | 'locks' | 'source' | 'onProgress'
  >,
): Promise<readonly string[]> {
  const home = pantryHome(options.cacheDir);
  const recipes = options.recipes ?? (await loadRecipes());
  const locks = options.locks ?? LOCKS;
  const cache = packageCache(home.packages);
  const source =
    options.source?.(cache) ?? aptSource({ directory: home.apt, cache, release: 'trixie' });
  const lines: string[] = [];
  const used = new Map<string, NpmRecipe>();
  for (const architecture of options.architectures) {
    const images = publishedImages(recipes).flatMap((id) =>
      resolveImage(recipes, id, architecture),
    );
    for (const recipe of npmRecipes(images)) used.set(npmName(recipe), recipe);
    const debian = debianName(architecture);
    const before = await readLock(locks, debian);
    const { lock, notes } = await currentLock(source, debian, requestOf(images), {
      onStep: (step) => options.onProgress?.({ step, done: 0, total: 0 }),
    });
    await writeLock(locks, lock);
    lines.push(...notes, `${debian}: ${describeLockChange(before, lock)}`);
  }
  lines.push(...(await lockNpm(locks, [...used.keys()])));
  return lines;
}

function npmRecipes(images: readonly ResolvedImage[]): readonly NpmRecipe[] {
  return images.flatMap(({ rows }) =>
    rows.flatMap((row) => (row.kind === 'layer' && row.layer.npm ? [row.layer.npm] : [])),
  );
}

/** Hashes of npm packages that are pinned already stay; a version's file never changes there. */
async function lockNpm(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const lock = new Map(await readNpmLock(folder));
  const added = names.filter((name) => !lock.has(name));
  for (const name of added) lock.set(name, await currentIntegrity(name));
  await writeNpmLock(folder, lock satisfies NpmLock);
  return added.length > 0 ? [`npm: ${added.join(', ')} added`] : [];
}
