import { concat, utf8 } from '../engine/bytes.ts';
import { EngineError } from '../engine/errors.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { bytesOf, directory, entryPath, fileOf, symlink } from './entries.ts';
import type { FileRecipe } from './recipe.ts';

/** What a recipe puts into a layer by hand. `lookUp` finds the originals of copies and additions, links followed. */
export async function handFiles(
  recipes: readonly FileRecipe[],
  lookUp: (path: string) => Promise<Entry | undefined>,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const recipe of recipes) {
    if ('dir' in recipe) {
      const { uid, gid, mtime } = recipe;
      entries.push(directory(entryPath(recipe.dir), recipe.mode, { uid, gid, mtime }));
    } else if ('file' in recipe) {
      const { uid, gid } = recipe;
      entries.push(fileOf(entryPath(recipe.file), recipe.text, recipe.mode, { uid, gid }));
    } else if ('link' in recipe) {
      entries.push(symlink(entryPath(recipe.link), recipe.to));
    } else {
      const path = entryPath('copy' in recipe ? recipe.copy : recipe.append);
      const made = entries.findLast((entry) => entry.path === path);
      const original = made ?? (await lookUp(path));
      if (original?.type !== 'file') throw missing(path);
      const { uid, gid, mtime, mode } = original;
      const bytes = await bytesOf(original);
      if ('copy' in recipe) {
        const owner = { uid, gid, mtime };
        entries.push(fileOf(entryPath(recipe.to), bytes, recipe.mode ?? mode, owner));
      } else {
        entries.push(fileOf(path, concat([bytes, utf8(recipe.text)]), mode, { uid, gid, mtime }));
      }
    }
  }
  return entries;
}

function missing(path: string): EngineError {
  return new EngineError('recipe-stale', `copy or append: there is no file /${path}`, {
    hint: 'The package has changed since the recipe was written: look at what it holds now.',
  });
}
