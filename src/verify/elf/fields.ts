/** A piece of a file, read in the file's byte order; what lies past its end is undefined. */
export interface Fields {
  readonly length: number;
  u16(at: number): number | undefined;
  u32(at: number): number | undefined;
  /** 4 or 8 bytes by the file's class; undefined too where it is no exact number. */
  word(at: number): number | undefined;
  /** Up to the next NUL; undefined when there is none soon. */
  text(at: number): string | undefined;
}

const decoder = new TextDecoder('latin1');

/** Names and paths of a sound file are shorter. */
const LONGEST_TEXT = 4096;

export function fieldsOf(
  bytes: Uint8Array,
  { bits, littleEndian }: { readonly bits: 32 | 64; readonly littleEndian: boolean },
): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fits = (at: number, size: number): boolean =>
    Number.isSafeInteger(at) && at >= 0 && at + size <= bytes.length;
  const u32 = (at: number): number | undefined =>
    fits(at, 4) ? view.getUint32(at, littleEndian) : undefined;
  return {
    length: bytes.length,
    u32,
    u16: (at) => (fits(at, 2) ? view.getUint16(at, littleEndian) : undefined),
    word(at) {
      if (bits === 32) return u32(at);
      if (!fits(at, 8)) return undefined;
      const value = view.getBigUint64(at, littleEndian);
      return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
    },
    text(at) {
      if (!fits(at, 1)) return undefined;
      const piece = bytes.subarray(at, at + LONGEST_TEXT);
      const end = piece.indexOf(0);
      return end < 0 ? undefined : decoder.decode(piece.subarray(0, end));
    },
  };
}
