import { EngineError } from '../engine/errors.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { isWithin } from '../engine/layer/path.ts';
import { entryPath, fileOf, matchedPrefix, matches, textOf, withoutEmptied } from './entries.ts';
import type { Deb } from './packages/deb.ts';
import type { PackagesRecipe } from './recipe.ts';

type Filter = Pick<PackagesRecipe, 'only' | 'drop' | 'keep' | 'move' | 'edit' | 'originBudget'>;

/** The files of some packages, as a recipe wants them: filtered, then moved, then edited. */
export async function packageFiles(
  debs: readonly Deb[],
  recipe: Filter,
): Promise<readonly Entry[]> {
  const merged = new Map<string, Entry>();
  for (const deb of debs) {
    for (const entry of deb.entries) {
      const there = merged.get(entry.path);
      // As dpkg: a directory that is there, also by way of a link, stays as the first package made it.
      if (entry.type === 'dir' && there && (there.type === 'dir' || there.type === 'symlink')) {
        continue;
      }
      merged.set(entry.path, entry);
    }
  }
  const all = [...merged.values()];
  const kept = all.filter((entry) => wanted(entry, recipe));
  const filtered =
    recipe.only === undefined && recipe.drop.length === 0 ? kept : withoutEmptied(all, kept);
  return edited(moved(filtered, recipe), recipe);
}

function wanted(entry: Entry, recipe: Filter): boolean {
  const { path } = entry;
  if (recipe.only !== undefined && !matches(path, recipe.only)) {
    return entry.type === 'dir' && recipe.only.some((only) => isWithin(entryPath(only), path));
  }
  if (!matches(path, recipe.drop) || matches(path, recipe.keep)) return true;
  // A directory on the way to something kept; it goes again when nothing comes.
  return entry.type === 'dir' && recipe.keep.length > 0;
}

function moved(entries: readonly Entry[], recipe: Filter): readonly Entry[] {
  const { move } = recipe;
  if (move.length === 0) return entries;
  const used = new Set<string>();
  const place = (path: string): string => {
    for (const { from, to } of move) {
      const prefix = matchedPrefix(path, from);
      if (prefix === undefined) continue;
      used.add(from);
      return entryPath(to) + path.slice(prefix.length);
    }
    return path;
  };
  const result = new Map<string, Entry>();
  for (const entry of entries) {
    const path = place(entry.path);
    const there = result.get(path);
    // Two subtrees that become one: a link from one into the other has lost its purpose.
    if (there?.type === 'dir' && entry.type === 'symlink') continue;
    if (there?.type === 'dir' && entry.type === 'dir') continue;
    const target =
      entry.type === 'hardlink' && entry.target !== undefined ? place(entry.target) : entry.target;
    result.set(path, { ...entry, path, ...(target !== undefined && { target }) });
  }
  const unused = move.find(({ from }) => !used.has(from));
  if (unused && recipe.originBudget === undefined)
    throw stale(`move: nothing lies at ${unused.from}`);
  return [...result.values()];
}

async function edited(entries: readonly Entry[], recipe: Filter): Promise<readonly Entry[]> {
  let result = entries;
  for (const { file, find, replace } of recipe.edit) {
    const path = entryPath(file);
    const entry = result.find((candidate) => candidate.path === path);
    // Split by origin, the file is in one of several layers made by the same recipe.
    if (!entry && recipe.originBudget !== undefined) continue;
    if (entry?.type !== 'file') throw stale(`edit: there is no file ${file}`);
    const text = await textOf(entry);
    if (!text.includes(find)) throw stale(`edit: ${file} has no ${JSON.stringify(find)}`);
    const changed = fileOf(
      path,
      text.replaceAll(find, () => replace),
      entry.mode,
      entry,
    );
    result = result.map((candidate) => (candidate === entry ? changed : candidate));
  }
  return result;
}

function stale(what: string): EngineError {
  return new EngineError('recipe-stale', what, {
    hint: 'The package has changed since the recipe was written: look at what it holds now.',
  });
}
