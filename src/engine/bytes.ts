/** Byte streams and names. Every stream in the engine is an async iterable of chunks. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** Joins a stream into one array; refuses to grow past `limit` bytes. */
export async function collect(stream: ByteStream, limit = Infinity): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > limit) throw new RangeError(`stream is longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return concat(chunks, length);
}

/** One array of all chunks; of a single chunk that very chunk, not a copy. `length` is their sum, where it is known. */
export function concat(chunks: readonly Uint8Array[], length?: number): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first) return first;
  const total = length ?? chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const joined = new Uint8Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}

/** The bytes as a stream of one chunk, of none when there are no bytes. */
export async function* once(bytes: Uint8Array): ByteStream {
  if (bytes.length > 0) yield bytes;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * File names are bytes. Valid UTF-8 becomes the string one expects; every other byte b becomes the
 * lone surrogate U+DC00+b (Python's surrogateescape), so that `encodeName(decodeName(b))` is `b`.
 */
export function decodeName(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeBroken(bytes);
  }
}

function decodeBroken(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) text += String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    else text += strict.decode(bytes.subarray(at, at + length));
    at += Math.max(length, 1);
  }
  return text;
}

/** Bytes of the UTF-8 sequence that begins here (Unicode 15, table 3-7); 0 when none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const second = bytes[at + 1] ?? 0;
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let i = at + 2; i < at + length; i++) if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** The opposite of `decodeName`. Other lone surrogates become U+FFFD, as in every encoder. */
export function encodeName(name: string): Uint8Array {
  // Fast path: no escaped byte in it.
  if (!/[\udc80-\udcff]/.test(name)) return encoder.encode(name);
  const parts: Uint8Array[] = [];
  let plain = '';
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    const before = i > 0 ? name.charCodeAt(i - 1) : 0;
    const escaped = unit >= 0xdc80 && unit <= 0xdcff && !(before >= 0xd800 && before <= 0xdbff);
    if (!escaped) {
      plain += name.charAt(i);
      continue;
    }
    parts.push(encoder.encode(plain), Uint8Array.of(unit - 0xdc00));
    plain = '';
  }
  parts.push(encoder.encode(plain));
  return concat(parts);
}
