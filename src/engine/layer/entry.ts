import type { ByteStream } from '../bytes.ts';
import type { Digest } from '../oci/digest.ts';

/**
 * One entry of a layer: what a tar header says, cleaned. `whiteout` removes `path` from the layers
 * below; `opaque` empties the directory `path` of what the layers below put there (the `.wh.` names
 * of the OCI image-spec never appear in a path).
 */
export interface Entry {
  readonly type: EntryType;
  /** Relative to the root, `/`-separated, no leading or trailing slash, no `.` or `..`; the root itself is ''. */
  readonly path: string;
  /** Permission bits including set-uid, set-gid and sticky (0o7777). */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content; 0 unless a file. */
  readonly size: number;
  /** Seconds since 1970; may carry a fraction. */
  readonly mtime: number;
  /** Symlink: the target as written. Hard link: the path of the other name, cleaned as `path`. */
  readonly target?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: Readonly<Record<string, Uint8Array>>;
  /** Present for files, also for empty ones. */
  readonly content?: Content;
}

export type EntryType =
  'file' | 'dir' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo' | 'whiteout' | 'opaque';

/** The bytes of a file, wherever they are; reading is lazy and may be repeated. */
export interface Content {
  readonly size: number;
  /** Up to `length` bytes from `offset`; shorter only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
  stream(): ByteStream;
  /** When known without reading. */
  readonly digest?: Digest;
}
