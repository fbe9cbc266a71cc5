import { collect, concat, once, utf8 } from '../engine/bytes.ts';
import { BLOCK, checksums, type TarHeader } from '../engine/tar/format.ts';
import { readTar, type TarLimits } from '../engine/tar/reader.ts';

/** A header with its content as text and where that begins. */
export interface Read extends TarHeader {
  readonly text: string;
  readonly offset: number;
}

/** Everything in an archive, as the reader has it. */
export async function readAll(
  archive: Uint8Array | AsyncIterable<Uint8Array>,
  limits?: Partial<TarLimits>,
): Promise<readonly Read[]> {
  const stream = archive instanceof Uint8Array ? once(archive) : archive;
  const all: Read[] = [];
  for await (const { header, offset, content } of readTar(stream, limits)) {
    const text = new TextDecoder().decode(await collect(content()));
    all.push({ ...header, text, offset });
  }
  return all;
}

/** A header block by hand; `more` goes over the finished block, `sum: false` leaves its checksum wrong. */
export function block(
  fields: { name?: string; flag?: string; size?: string; mode?: string; link?: string },
  more: Readonly<Record<number, Uint8Array | string>> = {},
): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  bytes.set(utf8(fields.name ?? 'a'));
  bytes.set(utf8(fields.mode ?? '0000644\0'), 100);
  bytes.set(utf8(fields.size ?? '00000000000\0'), 124);
  bytes.set(utf8(fields.flag ?? '0'), 156);
  bytes.set(utf8(fields.link ?? ''), 157);
  bytes.set(utf8('ustar\x0000'), 257);
  for (const [at, value] of Object.entries(more)) {
    bytes.set(typeof value === 'string' ? utf8(value) : value, Number(at));
  }
  bytes.set(utf8(checksums(bytes).unsigned.toString(8).padStart(6, '0') + '\0 '), 148);
  return bytes;
}

export const END = new Uint8Array(2 * BLOCK);

/** Content filled up to whole blocks. */
export function padded(text: string | Uint8Array): Uint8Array {
  const bytes = typeof text === 'string' ? utf8(text) : text;
  const whole = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK);
  whole.set(bytes);
  return whole;
}

/** A size as a header has it. */
export const octal = (size: number): string => `${size.toString(8).padStart(11, '0')}\0`;

/** A header and what follows it. */
export function withBody(flag: string, body: string, name = 'x'): Uint8Array {
  return concat([block({ flag, name, size: octal(utf8(body).length) }), padded(body)]);
}

/** A PAX header with these records. */
export function pax(...records: readonly (readonly [string, string])[]): Uint8Array {
  const body = records.map(([key, value]) => {
    const rest = utf8(` ${key}=${value}\n`).length;
    let length = rest + 1;
    while (String(length).length + rest !== length) length += 1;
    return `${length} ${key}=${value}\n`;
  });
  return withBody('x', body.join(''));
}
