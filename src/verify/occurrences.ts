import type { Entry } from '../engine/layer/entry.ts';
import { isWithin, parentPath } from '../engine/layer/path.ts';
import type { Image } from './engine.ts';

/** A path in a layer, and whether a layer above hides it. */
export interface Occurrence {
  readonly entry: Entry;
  /** Index from the lowest. */
  readonly layer: number;
  /** The layer that removes or replaces it; undefined when a container sees it. */
  readonly hiddenBy: number | undefined;
}

const known = new WeakMap<Image, Promise<ReadonlyMap<string, readonly Occurrence[]>>>();

/**
 * Every path of every layer, the lowest layer first; whiteouts themselves left out. Made once per
 * image; no contents are read.
 */
export function occurrencesOf(image: Image): Promise<ReadonlyMap<string, readonly Occurrence[]>> {
  const made = known.get(image) ?? image.layers().then((layers) => stack(layers));
  known.set(image, made);
  made.catch(() => known.delete(image));
  return made;
}

interface Changing extends Occurrence {
  hiddenBy: number | undefined;
}

function stack(
  layers: readonly { readonly entries: readonly Entry[] }[],
): ReadonlyMap<string, readonly Occurrence[]> {
  const all = new Map<string, Changing[]>();
  // Directories that anything was seen in: below any other path there is nothing to hide.
  const parents = new Set<string>();

  const hide = (path: string, by: number): void => {
    const seen = all.get(path)?.findLast(({ hiddenBy }) => hiddenBy === undefined);
    if (seen && seen.layer !== by) seen.hiddenBy = by;
  };
  const hideBelow = (path: string, by: number): void => {
    if (!parents.has(path)) return;
    for (const below of all.keys()) if (below !== path && isWithin(below, path)) hide(below, by);
  };
  const add = (entry: Entry, layer: number): void => {
    const same = all.get(entry.path);
    if (same) same.push({ entry, layer, hiddenBy: undefined });
    else all.set(entry.path, [{ entry, layer, hiddenBy: undefined }]);
    for (let at = entry.path; at !== '';) {
      at = parentPath(at);
      if (parents.has(at)) break;
      parents.add(at);
    }
  };

  for (const [layer, { entries }] of layers.entries()) {
    // Whiteouts speak of the layers below, wherever they stand in the archive.
    for (const { type, path } of entries) {
      if (type === 'whiteout') hide(path, layer);
      if (type === 'whiteout' || type === 'opaque') hideBelow(path, layer);
    }
    for (const entry of entries) {
      if (entry.type === 'whiteout' || entry.type === 'opaque') continue;
      hide(entry.path, layer);
      if (entry.type !== 'dir') hideBelow(entry.path, layer);
      add(entry, layer);
    }
  }
  return all;
}
