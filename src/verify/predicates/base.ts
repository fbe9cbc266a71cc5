import type { Engine, Image } from '../engine.ts';
import type { Verdict } from '../check.ts';

/** Whether all layers of `base` are the first of `image`; true of an image that only contains the base's base, too. */
export function startsWith(image: Image, base: Image): boolean {
  throw new Error('not written');
}

/**
 * The image is built on `base`, however its FROM line spells that: tag, digest, ARG, a stage's name.
 * Images that are themselves made of `base` and more (`base` of `static`, `:debug` of either) do not pass.
 * Tags with equal layers cannot be told apart by them (`latest` and `nonroot`): ask for the user, too.
 * `among` are images to recognise what it is built on instead; they are not pulled.
 * Throws EngineTrouble `image-missing` when the engine cannot get `base`.
 */
export async function baseIs(
  engine: Engine,
  image: Image,
  base: string,
  options: { readonly among?: readonly string[] } = {},
): Promise<Verdict> {
  throw new Error('not written');
}
