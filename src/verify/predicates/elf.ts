import type { Image } from '../engine.ts';
import type { Verdict } from '../check.ts';

/**
 * The program at `path` can be loaded in this image: it is ELF for the image's processor, its
 * interpreter is there, every library it needs (and those they need) is found where the loader looks,
 * and none wants a newer glibc than the image's.
 */
export async function elfRuns(image: Image, path: string): Promise<Verdict> {
  throw new Error('not written');
}

/** The program at `path` needs no interpreter: it is linked statically (static PIE counts). */
export async function elfStatic(image: Image, path: string): Promise<Verdict> {
  throw new Error('not written');
}

/** The program at `path` has an interpreter: it is linked dynamically. */
export async function elfDynamic(image: Image, path: string): Promise<Verdict> {
  throw new Error('not written');
}
