import type { Image } from '../engine.ts';
import type { Verdict } from '../check.ts';

export interface Forbidden {
  /** As in `.dockerignore`, of whole paths without `/` in front: `**/.git`, `app/*.go`. What is below a match matches. */
  readonly globs?: readonly string[];
  /** Text or bytes that may be in no file, whatever its name: a planted secret. */
  readonly contents?: string | Uint8Array;
  /** Globs of paths that are allowed all the same. */
  readonly except?: readonly string[];
  /** Layers of this image are not looked at: what the base brings is not the learner's. */
  readonly base?: Image;
}

/** A file that should not be there. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly layer: number;
  /** False: a layer above removes or replaces it. */
  readonly visible: boolean;
  /** Layer that hides it. */
  readonly hiddenBy?: number;
  readonly by: 'name' | 'content';
}

export async function findEverywhere(
  image: Image,
  forbidden: Forbidden,
): Promise<readonly FoundFile[]> {
  throw new Error('not written');
}

/**
 * No file of any layer has such a name or content; a file that a later layer deletes is found and said
 * to be in its layer still. Configuration is looked at for `contents` too: ENV, labels, history (ARG).
 */
export async function absentEverywhere(image: Image, forbidden: Forbidden): Promise<Verdict> {
  throw new Error('not written');
}
