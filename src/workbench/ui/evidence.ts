import type { Where } from '../../verify/check.ts';
import type { WorkbenchWords } from './words/index.ts';

/** A place that evidence points to, and how it is said. */
export type Place =
  | { readonly kind: 'line'; readonly text: string; readonly file: string; readonly line?: number }
  | { readonly kind: 'layer'; readonly text: string; readonly diffId: string }
  /** In the layer, when that is known too. */
  | {
      readonly kind: 'path';
      readonly text: string;
      readonly path: string;
      readonly diffId?: string;
    };

/** Layers' commands can be pages long. */
const MOST_COMMAND = 60;

/** The places of a finding: the learner's own file first, since that is where it is mended. */
export function placesOf({ source, layer, path }: Where, words: WorkbenchWords): readonly Place[] {
  const { place } = words.check;
  const places: Place[] = [];
  if (source) {
    const { file, line } = source;
    const text = line === undefined ? file : place.line(file, line);
    places.push({ kind: 'line', text, file, ...(line !== undefined && { line }) });
  }
  if (layer) {
    const { index, diffId, createdBy } = layer;
    places.push({ kind: 'layer', text: place.layer(index + 1, shortCommand(createdBy)), diffId });
  }
  if (path !== undefined) {
    const text = place.inImage(path);
    places.push({ kind: 'path', text, path, ...(layer && { diffId: layer.diffId }) });
  }
  return places;
}

/** What made a layer, on one line. */
export function shortCommand(createdBy: string, most = MOST_COMMAND): string {
  const letters = Array.from(createdBy.replaceAll(/\s+/g, ' ').trim());
  return letters.length <= most ? letters.join('') : `${letters.slice(0, most - 1).join('')}…`;
}
