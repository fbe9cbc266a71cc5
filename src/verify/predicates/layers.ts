import type { Image } from '../engine.ts';
import type { Verdict, Where } from '../check.ts';

/** A row of `docker history`, oldest first, with the layer it made if it made one. */
export interface Row {
  readonly createdBy: string;
  /** Index from the lowest and diff ID; undefined for a row of 0 bytes by nature (ENV, CMD, …). */
  readonly layer?: { readonly index: number; readonly diffId: string };
}

export function historyOf(image: Image): readonly Row[] {
  throw new Error('not written');
}

/** How many layers the file system has: not how many rows `docker history` has. */
export function layerCount(image: Image): number {
  return image.config.rootfs.diff_ids.length;
}

/** What a failure says of a layer. */
export function layerAt(image: Image, index: number): NonNullable<Where['layer']> {
  throw new Error('not written');
}

/** The image has exactly this many layers, or with `over`, this many more than that image. */
export function layersAre(
  image: Image,
  count: number,
  options: { readonly over?: Image } = {},
): Verdict {
  throw new Error('not written');
}

/** The layer whose version of a path a container sees; undefined when nothing is there. */
export async function layerOf(image: Image, path: string): Promise<number | undefined> {
  throw new Error('not written');
}

/** `Where` of a path a container sees, links not followed. */
export async function whereIs(image: Image, path: string): Promise<Where> {
  throw new Error('not written');
}
