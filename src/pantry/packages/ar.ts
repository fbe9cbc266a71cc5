import { EngineError } from '../../engine/errors.ts';

export interface ArMember {
  readonly name: string;
  /** A view of the archive's bytes, not a copy. */
  readonly content: Uint8Array;
}

const MAGIC = '!<arch>\n';
const HEADER = 60;

/**
 * The members of a Unix `ar` archive as `.deb` files use it (deb(5)): short names, sizes in
 * decimal, padded to even offsets. Anything else is EngineError `ar-corrupt`, with the byte where.
 */
export function readAr(bytes: Uint8Array): readonly ArMember[] {
  if (ascii(bytes, 0, MAGIC.length) !== MAGIC) throw corrupt('no ar archive', 0);
  const members: ArMember[] = [];
  let at = MAGIC.length;
  while (at < bytes.length) {
    if (at + HEADER > bytes.length) throw corrupt('header cut off', at);
    if (ascii(bytes, at + 58, 2) !== '`\n') throw corrupt('bad header', at);
    const digits = /^(\d{1,10}) *$/.exec(ascii(bytes, at + 48, 10))?.[1];
    if (digits === undefined) throw corrupt('bad size', at);
    const start = at + HEADER;
    const end = start + Number(digits);
    if (end > bytes.length) throw corrupt('member cut off', at);
    const name = /^([!-.0-~]+)\/? *$/.exec(ascii(bytes, at, 16))?.[1];
    if (name === undefined) throw corrupt('bad name', at);
    members.push({ name, content: bytes.subarray(start, end) });
    at = end + (end % 2);
  }
  return members;
}

function ascii(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

function corrupt(what: string, at: number): EngineError {
  return new EngineError('ar-corrupt', `${what} (at byte ${at})`);
}
