import type { Image } from '../engine.ts';
import type { Verdict } from '../check.ts';

/** A shell or package manager in an image. */
export interface FoundTool {
  /** Absolute. */
  readonly path: string;
  readonly kind: 'shell' | 'package-manager';
  /** What it is: `busybox`, `bash`, `apt`. */
  readonly what: string;
  /** By its name, or by what is in the file whatever its name. */
  readonly by: 'name' | 'content';
  readonly layer: number;
  /** False: a layer above hides it, but it is still in the image. */
  readonly visible: boolean;
}

/** Every shell and package manager in the image, also those in lower layers that layers above hide. */
export async function findTools(image: Image): Promise<readonly FoundTool[]> {
  throw new Error('not written');
}

/**
 * No shell by name or content (a renamed busybox is one; a script for a shell is none), nor, unless
 * `packageManagers` is false, apt, dpkg, apk, pip and their like. With `everyLayer`, not in lower layers
 * either: a shell that a later layer deletes cannot be run, but it is still delivered.
 */
export async function noShell(
  image: Image,
  options: { readonly everyLayer?: boolean; readonly packageManagers?: boolean } = {},
): Promise<Verdict> {
  throw new Error('not written');
}
