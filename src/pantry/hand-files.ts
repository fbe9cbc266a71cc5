import { EngineError } from '../engine/errors.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { bytesOf, directory, entryPath, fileOf, symlink } from './entries.ts';
import type { FileRecipe } from './recipe.ts';

/** What a recipe puts into a layer by hand. `lookUp` finds the originals of copies, links followed. */
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
      const made = entries.find((entry) => entry.path === entryPath(recipe.copy));
      const original = made ?? (await lookUp(entryPath(recipe.copy)));
      if (original?.type !== 'file') {
        throw new EngineError('recipe-stale', `copy: there is no file ${recipe.copy}`, {
          hint: 'The package has changed since the recipe was written: look at what it holds now.',
        });
      }
      const { uid, gid, mtime } = original;
      entries.push(
        fileOf(entryPath(recipe.to), await bytesOf(original), recipe.mode ?? original.mode, {
          ...{ uid, gid, mtime },
        }),
      );
    }
  }
  return entries;
}
