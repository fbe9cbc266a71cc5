import { decodeName } from '../bytes.ts';
import { checksums, corrupt, type HeaderFields, tooLarge } from './format.ts';

/** One 512-byte block, before PAX and GNU extensions. */
export interface RawHeader extends HeaderFields {
  readonly flag: string;
  readonly name: Uint8Array;
}

/** Undefined for a block of zeros. `at` is where the block stands, for messages. */
export function parseHeader(block: Uint8Array, at: number): RawHeader | undefined {
  const sums = checksums(block);
  // A block of zeros sums up to its checksum field read as eight spaces.
  if (sums.unsigned === 8 * 0x20 && block.every((byte) => byte === 0)) return undefined;
  const stored = number(block, 148, 8, at);
  if (stored !== sums.unsigned && stored !== sums.signed) throw corrupt('wrong checksum', at);
  const flag = String.fromCharCode(block[156] ?? 0);
  const device = flag === '3' || flag === '4';
  return {
    flag,
    name: nameOf(block),
    linkName: field(block, 157, 100),
    mode: number(block, 100, 8, at),
    uid: number(block, 108, 8, at),
    gid: number(block, 116, 8, at),
    size: number(block, 124, 12, at),
    mtime: number(block, 136, 12, at),
    major: device ? number(block, 329, 8, at) : 0,
    minor: device ? number(block, 337, 8, at) : 0,
  };
}

function nameOf(block: Uint8Array): Uint8Array {
  const name = field(block, 0, 100);
  // `ustar\0`: POSIX. GNU writes `ustar  \0` and uses the prefix field for times instead.
  const posix = ascii(block, 257, 6) === 'ustar\0';
  if (!posix) return name;
  const star = ascii(block, 508, 4) === 'tar\0';
  const prefix = field(block, 345, star ? 131 : 155);
  if (prefix.length === 0) return name;
  const joined = new Uint8Array(prefix.length + 1 + name.length);
  joined.set(prefix);
  joined[prefix.length] = 0x2f;
  joined.set(name, prefix.length + 1);
  return joined;
}

function ascii(block: Uint8Array, start: number, length: number): string {
  let text = '';
  for (let i = start; i < start + length; i++) text += String.fromCharCode(block[i] ?? 0);
  return text;
}

/** A field up to its first NUL. */
function field(block: Uint8Array, start: number, length: number): Uint8Array {
  let end = start;
  while (end < start + length && block[end] !== 0) end += 1;
  return block.slice(start, end);
}

/** Octal text, or GNU's base-256 when the first bit is set. An empty field is 0. */
function number(block: Uint8Array, start: number, length: number, at: number): number {
  const first = block[start] ?? 0;
  if ((first & 0x80) !== 0) return binary(block, start, length, at);
  let from = start;
  let to = start + length;
  while (from < to && blank(block[from])) from += 1;
  while (to > from && blank(block[to - 1])) to -= 1;
  let value = 0;
  for (let i = from; i < to; i++) {
    const byte = block[i] ?? 0;
    // Text after a NUL is left over from an earlier use of the buffer.
    if (byte === 0) break;
    if (byte < 0x30 || byte > 0x37) throw corrupt('a number is not octal', at);
    value = value * 8 + (byte - 0x30);
  }
  return value;
}

function blank(byte: number | undefined): boolean {
  return byte === 0 || byte === 0x20;
}

function binary(block: Uint8Array, start: number, length: number, at: number): number {
  const first = block[start] ?? 0;
  const negative = (first & 0x40) !== 0;
  let value = negative ? (first & 0x7f) - 0x80 : first & 0x7f;
  for (let i = start + 1; i < start + length; i++) value = value * 256 + (block[i] ?? 0);
  if (!Number.isSafeInteger(value)) throw corrupt('a number is out of range', at);
  return value;
}

/** Decodes a name within `limit` bytes: decoding is the only work that grows with it. */
export function boundedName(bytes: Uint8Array, limit: number, at: number): string {
  if (bytes.length > limit) throw tooLarge(`a name of ${bytes.length} bytes, at byte ${at}`);
  if (bytes.includes(0)) throw corrupt('a name contains NUL', at);
  return decodeName(bytes);
}
