import { EngineError } from '../errors.ts';

/** The tar format: ustar (POSIX.1-1988), PAX (POSIX.1-2001), GNU, star and V7 as Go's archive/tar reads them. */
export const BLOCK = 512;

export const ZERO_BLOCK: Uint8Array = new Uint8Array(BLOCK);

/** What a header can announce; special headers (PAX, GNU long names) never leave the reader. */
export type TarType = 'file' | 'dir' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo';

/** One header, PAX and GNU extensions merged in, nothing cleaned: names are as the archive has them. */
export interface TarHeader {
  /** As written: may be absolute, contain `..` or end in a slash. Bytes as `decodeName` gives them. */
  readonly name: string;
  readonly type: TarType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content; 0 for everything but a file, whatever the archive said. */
  readonly size: number;
  readonly mtime: number;
  /** Target of a symlink or hard link, as written; '' otherwise. */
  readonly linkName: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: Readonly<Record<string, Uint8Array>>;
}

/** The fields of a ustar block that are neither its name nor its type, numbers read and names not. */
export interface HeaderFields {
  readonly linkName: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly major: number;
  readonly minor: number;
}

/** The bytes that fill up the last block of `size` bytes of content. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** Worded as Docker passes on what Go says, with the place added. */
export function corrupt(why: string, offset: number): EngineError {
  return new EngineError(
    'tar-corrupt',
    `archive/tar: invalid tar header (${why}, at byte ${offset})`,
    {
      hint: 'The archive is damaged or is not a tar archive.',
    },
  );
}

export function truncated(offset: number): EngineError {
  return new EngineError('tar-truncated', `unexpected EOF (tar archive ends at byte ${offset})`, {
    hint: 'The archive is incomplete.',
  });
}

export function tooLarge(what: string): EngineError {
  return new EngineError('archive-too-large', `archive refused: ${what}`);
}

/** Sum of a header block with its own checksum field read as spaces; some old writers added signed bytes. */
export function checksums(block: Uint8Array): {
  readonly unsigned: number;
  readonly signed: number;
} {
  let unsigned = 0;
  let high = 0;
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : (block[i] ?? 0);
    unsigned += byte;
    if (byte > 0x7f) high += 1;
  }
  return { unsigned, signed: unsigned - 256 * high };
}
