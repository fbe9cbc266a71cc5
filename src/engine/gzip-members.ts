import { type ByteStream, concat } from './bytes.ts';
import { EngineError } from './errors.ts';

/** What decompresses the DEFLATE data of one gzip member; each platform has its own. */
export interface Inflater {
  /**
   * Feeds compressed bytes and yields what came out of them. Throws on bad data. After the end of
   * the DEFLATE stream was seen it is not called again.
   */
  push(compressed: Uint8Array): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Once the DEFLATE stream has ended: how many bytes of the last push lie beyond it. */
  unused(): number | undefined;
  /** Frees what it holds; called once per member, however it ended. */
  close(): void;
}

export interface Inflate {
  open(): Inflater;
  /** CRC-32 (that of gzip and zip) of `bytes`, going on from `crc`, unsigned. */
  crc32(bytes: Uint8Array, crc: number): number;
}

/** Input is fed in steps of at most this: DEFLATE expands up to 1032-fold, and a step's output may all be in memory. */
const STEP = 16 * 1024;
const HEADER = 10;
const TRAILER = 8;
/** Extra field, name and comment together: RFC 1952 sets no limit, a sane header stays far below. */
const MAX_HEADER = 256 * 1024;
const FLAG = { crc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/**
 * The framing of gzip (RFC 1952): header, DEFLATE data, CRC-32 and length, member after member,
 * then nothing but zero padding. No bytes at all are not a gzip file.
 */
export async function* gunzipMembers(compressed: ByteStream, inflate: Inflate): ByteStream {
  const input = new Input(compressed);
  try {
    do {
      await skipHeader(input);
      yield* member(input, inflate);
    } while (!(await atEnd(input)));
  } finally {
    await input.close();
  }
}

async function* member(input: Input, inflate: Inflate): ByteStream {
  const inflater = inflate.open();
  let crc = 0;
  let size = 0;
  try {
    let unused: number | undefined;
    while (unused === undefined) {
      const step = await input.some(STEP);
      if (!step) throw corrupt('unexpected end of file');
      try {
        for await (const chunk of inflater.push(step)) {
          crc = inflate.crc32(chunk, crc);
          size = (size + chunk.length) % 2 ** 32;
          if (chunk.length > 0) yield chunk;
        }
      } catch (error) {
        throw corrupt('invalid compressed data', error);
      }
      unused = inflater.unused();
    }
    input.back(unused);
  } finally {
    inflater.close();
  }
  const trailer = await input.exactly(TRAILER);
  const view = new DataView(trailer.buffer, trailer.byteOffset, TRAILER);
  if (view.getUint32(0, true) !== crc) throw corrupt('invalid checksum');
  if (view.getUint32(4, true) !== size) throw corrupt('invalid length');
}

async function skipHeader(input: Input): Promise<void> {
  const header = await input.exactly(HEADER);
  const flags = header[3] ?? 0;
  if (header[0] !== 0x1f || header[1] !== 0x8b) throw corrupt('invalid header');
  if (header[2] !== 8 || (flags & FLAG.reserved) !== 0) throw corrupt('unknown compression method');
  if (flags & FLAG.extra) {
    const [low = 0, high = 0] = await input.exactly(2);
    await input.exactly(low + high * 256);
  }
  if (flags & FLAG.name) await skipText(input);
  if (flags & FLAG.comment) await skipText(input);
  if (flags & FLAG.crc) await input.exactly(2);
}

async function skipText(input: Input): Promise<void> {
  for (let length = 0; length < MAX_HEADER;) {
    const some = await input.some(STEP);
    if (!some) throw corrupt('unexpected end of file');
    const end = some.indexOf(0);
    if (end >= 0) {
      input.back(some.length - end - 1);
      return;
    }
    length += some.length;
  }
  throw corrupt('header too long');
}

/** True when nothing but zero padding is left (which it then reads), false before another member. */
async function atEnd(input: Input): Promise<boolean> {
  const first = await input.some(STEP);
  if (!first) return true;
  if (first[0] !== 0) {
    input.back(first.length);
    if (first[0] === 0x1f) return false;
    throw corrupt('trailing garbage');
  }
  for (let some: Uint8Array | undefined = first; some; some = await input.some(STEP)) {
    if (some.some((byte) => byte !== 0)) throw corrupt('trailing garbage');
  }
  return true;
}

/** Reads a stream in steps of our choosing, with what was read too far put back. */
class Input {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(source: ByteStream) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** At least one byte and at most `limit`, gathering tiny chunks; undefined at the end. */
  async some(limit: number): Promise<Uint8Array | undefined> {
    if (this.#at === this.#held.length) {
      const next = await this.#gather(limit);
      if (!next) return undefined;
      this.#held = next;
      this.#at = 0;
    }
    const taken = this.#held.subarray(this.#at, this.#at + limit);
    this.#at += taken.length;
    return taken;
  }

  async exactly(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let missing = length; missing > 0;) {
      const part = await this.some(missing);
      if (!part) throw corrupt('unexpected end of file');
      parts.push(part);
      missing -= part.length;
    }
    return concat(parts);
  }

  /** Puts back the last bytes of what `some` gave last. */
  back(count: number): void {
    this.#at -= count;
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #gather(enough: number): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    let length = 0;
    while (length < enough) {
      const next = await this.#source.next();
      if (next.done === true) break;
      parts.push(next.value);
      length += next.value.length;
    }
    return length === 0 ? undefined : concat(parts, length);
  }
}

function corrupt(why: string, cause?: unknown): EngineError {
  return new EngineError('gzip-corrupt', `gzip: ${why}`, {
    hint: 'The archive is damaged or incomplete.',
    ...(cause !== undefined && { cause }),
  });
}
