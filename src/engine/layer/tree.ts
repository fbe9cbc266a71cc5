import type { Entry } from './entry.ts';

/** A path in a root filesystem and what is there. Hard links share `inode`. */
export interface Node {
  /** Never `hardlink`, `whiteout` or `opaque`: links are resolved when layers are stacked. */
  readonly entry: Entry;
  readonly inode: number;
}

/**
 * A root filesystem: layers stacked, immutable. Paths are as in `Entry`. Building one from a
 * parent shares what did not change.
 */
export interface FileTree {
  /** The node of exactly this path: no symlink is followed. */
  get(path: string): Node | undefined;
  /** Names in a directory, sorted by bytes; empty when it is none. */
  list(path: string): readonly string[];
  /** All nodes below `path`, parents before children, names sorted by bytes, without `path` itself. */
  walk(path?: string): Iterable<Node>;
  /**
   * Follows symlinks as a process chrooted here would: absolute targets start at the root, `..` stops at it.
   * Undefined when something is missing on the way or after 40 links. `last: false` leaves a final symlink alone.
   */
  resolve(path: string, options?: { readonly last?: boolean }): string | undefined;
  /** A new tree with one more layer on top. */
  apply(layer: Iterable<Entry>): FileTree;
  /** How many paths there are, the root not counted. */
  readonly size: number;
}
