import type { Image } from '../engine.ts';
import type { Verdict } from '../check.ts';
import type { Package } from '../packages/package.ts';

/** What a scanner would list: dpkg's `status` and `status.d`, apk's `installed`. Sorted by name. */
export async function packagesOf(image: Image): Promise<readonly Package[]> {
  throw new Error('not written');
}

/**
 * The image says what is in it: at least `atLeast` packages (1). An inventory that a layer deletes, or
 * that was left behind when files were copied, is said to be so: a scan of nothing finds nothing.
 */
export async function hasInventory(
  image: Image,
  options: { readonly atLeast?: number } = {},
): Promise<Verdict> {
  throw new Error('not written');
}
