import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { Gzip, Inflate } from 'fflate';
import type { ByteStream } from './bytes.ts';
import { gunzipMembers, type Inflater } from './gzip-members.ts';
import type { Hasher, Platform } from './platform.ts';

/**
 * A platform in plain TypeScript, for a browser's worker and for tests. Clock and randomness are
 * the caller's: `now` in milliseconds since 1970, `randomHex` from a cryptographic source.
 */
export function portablePlatform(outside: {
  readonly now: () => number;
  readonly randomHex: (digits: number) => string;
}): Platform {
  return {
    now: outside.now,
    randomHex: outside.randomHex,
    sha256: portableSha256,
    gunzip: (compressed) => gunzipMembers(compressed, { open: openInflater, crc32 }),
    gzip: portableGzip,
  };
}

function portableSha256(): Hasher {
  const hash = sha256.create();
  return {
    update: (bytes) => void hash.update(bytes),
    hex: () => bytesToHex(hash.digest()),
  };
}

async function* portableGzip(plain: ByteStream): ByteStream {
  let out: Uint8Array[] = [];
  const gzip = new Gzip({ level: 6, mtime: 0 }, (chunk) => out.push(chunk));
  for await (const chunk of plain) {
    gzip.push(chunk, false);
    yield* out;
    out = [];
  }
  gzip.push(new Uint8Array(0), true);
  yield* out;
}

/** More lenient than zlib only where it does no harm: what comes out must have the member's checksum and length. */
function openInflater(): Inflater {
  let out: Uint8Array[] = [];
  const inflate = new Inflate((chunk) => out.push(chunk));
  let unused: number | undefined;
  return {
    push(compressed) {
      out = [];
      inflate.push(compressed, false);
      unused = unusedBy(inflate);
      return out;
    },
    unused: () => unused,
    close: () => undefined,
  };
}

/**
 * fflate knows where a DEFLATE stream ended but has no public way to say so, and gzip's checksum
 * lies behind that place. So its state is read here, checked, as its own Gunzip reads it: `s.f` is set
 * in the last block, `s.l` while that block's codes are in use, `s.p` are the bits used of `p`'s first byte.
 */
function unusedBy(inflate: Inflate): number | undefined {
  const state: unknown = Reflect.get(inflate, 's');
  const left: unknown = Reflect.get(inflate, 'p');
  if (typeof state !== 'object' || state === null || !(left instanceof Uint8Array)) {
    throw new Error('fflate keeps its state elsewhere than it used to');
  }
  const last: unknown = Reflect.get(state, 'f');
  const codes: unknown = Reflect.get(state, 'l');
  const bits: unknown = Reflect.get(state, 'p');
  if (typeof bits !== 'number') throw new Error('fflate keeps its state elsewhere than it used to');
  return last && !codes ? left.length - (bits > 0 ? 1 : 0) : undefined;
}

let tables: readonly Uint32Array[] | undefined;

/** Four bytes at a step ("slicing by four"): byte by byte it would take longer than the decompressing. */
function crc32(bytes: Uint8Array, crc: number): number {
  tables ??= crcTables();
  const [one, two, three, four] = tables;
  if (!one || !two || !three || !four) throw new Error('four tables');
  let value = ~crc;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    value ^= word(bytes, at);
    value =
      (four[value & 0xff] ?? 0) ^
      (three[(value >>> 8) & 0xff] ?? 0) ^
      (two[(value >>> 16) & 0xff] ?? 0) ^
      (one[value >>> 24] ?? 0);
  }
  for (; at < bytes.length; at++) {
    value = (one[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8);
  }
  return ~value >>> 0;
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

/** What each byte does to the checksum when none, one, two or three bytes follow it. */
function crcTables(): readonly Uint32Array[] {
  const one = Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });
  const further = (table: Uint32Array): Uint32Array =>
    table.map((value) => (value >>> 8) ^ (one[value & 0xff] ?? 0));
  const two = further(one);
  const three = further(two);
  return [one, two, three, further(three)];
}
