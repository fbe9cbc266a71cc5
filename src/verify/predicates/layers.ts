import { rootedPath } from '../../engine/layer/path.ts';
import type { Verdict, Where } from '../check.ts';
import type { Image } from '../engine.ts';
import { occurrencesOf } from '../occurrences.ts';
import { fail, pass } from '../verdicts.ts';
import { words } from '../words.ts';

/** A row of `docker history`, oldest first, with the layer it made if it made one. */
export interface Row {
  readonly createdBy: string;
  /** Index from the lowest and diff ID; undefined for a row that makes none (ENV, CMD, …). */
  readonly layer?: { readonly index: number; readonly diffId: string };
}

/** Rows that made a layer pair with the layers in order; layers that no row tells of come last, without a name. */
export function historyOf(image: Image): readonly Row[] {
  const { history, rootfs } = image.config;
  const rows: Row[] = [];
  let index = 0;
  const layer = (): Pick<Row, 'layer'> => {
    const diffId = rootfs.diff_ids[index];
    return diffId === undefined ? {} : { layer: { index: index++, diffId } };
  };
  for (const { created_by = '', empty_layer } of history) {
    rows.push({ createdBy: created_by, ...(empty_layer !== true && layer()) });
  }
  while (index < rootfs.diff_ids.length) rows.push({ createdBy: '', ...layer() });
  return rows;
}

/** How many layers the file system has: not how many rows `docker history` has. */
export function layerCount(image: Image): number {
  return image.config.rootfs.diff_ids.length;
}

/** What a failure says of a layer, by its index from the lowest. */
export function layerAt(image: Image, index: number): NonNullable<Where['layer']> {
  const row = historyOf(image).find(({ layer }) => layer?.index === index);
  if (!row?.layer) throw new Error(`the image has no layer ${index}`);
  return { ...row.layer, createdBy: row.createdBy };
}

/** The image has exactly this many layers, or with `over`, this many more than that image. */
export function layersAre(
  image: Image,
  count: number,
  options: { readonly over?: Image } = {},
): Verdict {
  const base = options.over ? layerCount(options.over) : 0;
  const found = layerCount(image) - base;
  const last = layerCount(image) - 1;
  const of = options.over
    ? words(' a mais que a base', ' more than the base')
    : words(' no total', ' in all');
  const amount = (n: number): ReturnType<typeof words> =>
    words(
      `${n} ${n === 1 ? 'camada' : 'camadas'}${of['pt-BR']}`,
      `${n} ${n === 1 ? 'layer' : 'layers'}${of.en}`,
    );
  if (found === count) return pass(amount(found));
  return fail({
    expected: amount(count),
    found: amount(found),
    ...(last >= 0 && { where: { layer: layerAt(image, last) } }),
  });
}

/** The layer whose version of a path a container sees; undefined when nothing is there. */
export async function layerOf(image: Image, path: string): Promise<number | undefined> {
  const clean = rootedPath(path);
  const all = await occurrencesOf(image);
  // Directories on the way may be links: /bin is one, mostly.
  const at = (await image.files()).resolve(clean, { last: false }) ?? clean;
  return all.get(at)?.findLast(({ hiddenBy }) => hiddenBy === undefined)?.layer;
}

/** `Where` of a path a container sees; a link at its end is not followed. */
export async function whereIs(image: Image, path: string): Promise<Where> {
  const layer = await layerOf(image, path);
  return {
    path: path.startsWith('/') ? path : `/${path}`,
    ...(layer !== undefined && { layer: layerAt(image, layer) }),
  };
}
