import type { Image } from '../engine.ts';
import type { Verdict } from '../check.ts';

/** What the first process gets: ENTRYPOINT, then CMD (or `command` instead of it). */
export function effectiveArgv(image: Image, command?: readonly string[]): readonly string[] {
  throw new Error('not written');
}

/**
 * The first process can be started: its program is found as the engine would (PATH, WORKDIR), is
 * executable, and its interpreter is there (`#!` or ELF). A runtime's script (`node x.js`, `python3
 * app.py`, `java -jar x.jar`) is there, too: `CMD ["node", "x.js"]` on an image whose ENTRYPOINT is node
 * already fails, as does the shell form where there is no shell.
 */
export async function argvResolves(
  image: Image,
  options: { readonly command?: readonly string[] } = {},
): Promise<Verdict> {
  throw new Error('not written');
}

/** One program of the image can be started, `/app` or a name to look for in PATH. */
export async function programResolves(image: Image, program: string): Promise<Verdict> {
  throw new Error('not written');
}
