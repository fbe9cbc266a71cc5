import type { ByteStream } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import { streamCursor, type Cursor } from './cursor.ts';
import { BLOCK, corrupt, paddingOf, tooLarge, truncated } from './format.ts';
import type { TarHeader, TarType } from './format.ts';
import { parsePax, type PaxRecords } from './pax.ts';
import { boundedName, parseHeader, type RawHeader } from './parse-header.ts';

/** What an archive may ask for before it is refused with `archive-too-large`. */
export interface TarLimits {
  readonly entries: number;
  /** Bytes of one PAX header or GNU long name record. */
  readonly extensionBytes: number;
  /** Bytes of all of them together: they stay in memory as names and attributes. */
  readonly allExtensionBytes: number;
  /** Bytes of a name or link target. */
  readonly nameBytes: number;
  /** Declared bytes of one file. */
  readonly fileBytes: number;
}

export const TAR_LIMITS: TarLimits = {
  entries: 500_000,
  extensionBytes: 1024 * 1024,
  allExtensionBytes: 256 * 1024 * 1024,
  nameBytes: 4096,
  fileBytes: 2 ** 40,
};

export interface TarEntry {
  readonly header: TarHeader;
  /** Where the content begins in the (decompressed) archive. */
  readonly offset: number;
  /** The content, once, and only before the next entry is asked for; what is not read is skipped. */
  readonly content: () => ByteStream;
}

/**
 * Reads an archive of any common dialect as it arrives, then reads on to the end of the stream (so
 * that a caller who hashes it sees every byte). Global PAX headers and volume labels are skipped.
 * Names are not cleaned: `entryFromTar` does that. Errors: EngineError `tar-corrupt`,
 * `tar-truncated`, `tar-unsupported` (sparse, multi-volume, unknown types), `archive-too-large`.
 */
export async function* readTar(
  stream: ByteStream,
  limits: Partial<TarLimits> = {},
): AsyncGenerator<TarEntry, void, undefined> {
  const cursor = streamCursor(stream);
  try {
    yield* readEntries(cursor, { ...TAR_LIMITS, ...limits });
    while ((await cursor.some(Infinity)).length > 0);
  } finally {
    await cursor.close();
  }
}

/** As `readTar`, over a cursor, and without reading on behind the archive's end. */
export async function* readEntries(
  cursor: Cursor,
  limits: TarLimits,
): AsyncGenerator<TarEntry, void, undefined> {
  let count = 0;
  const extensions: Budget = { left: limits.allExtensionBytes };
  for (;;) {
    const header = await nextHeader(cursor, limits, extensions);
    if (header === undefined) return;
    count += 1;
    if (count > limits.entries) throw tooLarge(`more than ${limits.entries} entries`);
    const end = cursor.position + header.size;
    let current = true;
    yield {
      header,
      offset: cursor.position,
      content: () => {
        if (!current) throw new Error('content of a tar entry is asked for after the next entry');
        current = false;
        return contentOf(cursor, end);
      },
    };
    current = false;
    if (!(await cursor.skip(end - cursor.position + paddingOf(header.size)))) {
      throw truncated(cursor.position);
    }
  }
}

async function* contentOf(cursor: Cursor, end: number): ByteStream {
  while (cursor.position < end) {
    const piece = await cursor.some(end - cursor.position);
    if (piece.length === 0) throw truncated(cursor.position);
    yield piece;
  }
}

/** What extended headers may still take. */
interface Budget {
  left: number;
}

async function nextHeader(
  cursor: Cursor,
  limits: TarLimits,
  budget: Budget,
): Promise<TarHeader | undefined> {
  const read = (raw: RawHeader): Promise<Uint8Array> => extension(cursor, raw, limits, budget);
  let pax: PaxRecords | undefined;
  let longName: Uint8Array | undefined;
  let longLink: Uint8Array | undefined;
  for (;;) {
    const at = cursor.position;
    const raw = await nextBlock(cursor);
    if (raw === undefined) {
      if (pax ?? longName ?? longLink) throw corrupt('an extended header describes nothing', at);
      return undefined;
    }
    if (raw.size < 0) throw corrupt('negative size', at);
    switch (raw.flag) {
      case 'x':
        pax = parsePax(await read(raw));
        if (pax === undefined) throw corrupt('malformed PAX header', at);
        break;
      case 'g':
      case 'V':
        await read(raw);
        break;
      case 'L':
        longName = untilNul(await read(raw));
        break;
      case 'K':
        longLink = untilNul(await read(raw));
        break;
      default:
        return merge(raw, { pax, longName, longLink }, at, limits);
    }
  }
}

/** Undefined at the end: two blocks of zeros, one and then nothing, or nothing at all. */
async function nextBlock(cursor: Cursor): Promise<RawHeader | undefined> {
  const at = cursor.position;
  const block = await cursor.read(BLOCK);
  if (block.length === 0) return undefined;
  if (block.length < BLOCK) throw truncated(cursor.position);
  const header = parseHeader(block, at);
  if (header !== undefined) return header;
  const second = await cursor.read(BLOCK);
  if (second.length !== 0 && second.length < BLOCK) throw truncated(cursor.position);
  if (second.some((byte) => byte !== 0)) throw corrupt('data after a block of zeros', at + BLOCK);
  return undefined;
}

async function extension(
  cursor: Cursor,
  raw: RawHeader,
  limits: TarLimits,
  budget: Budget,
): Promise<Uint8Array> {
  budget.left -= raw.size;
  if (budget.left < 0)
    throw tooLarge(`more than ${limits.allExtensionBytes} bytes of extended headers`);
  if (raw.size > limits.extensionBytes) {
    throw tooLarge(`an extended header of ${raw.size} bytes, at byte ${cursor.position}`);
  }
  const bytes = await cursor.read(raw.size);
  if (bytes.length < raw.size || !(await cursor.skip(paddingOf(raw.size)))) {
    throw truncated(cursor.position);
  }
  return bytes;
}

function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

interface Extensions {
  readonly pax: PaxRecords | undefined;
  readonly longName: Uint8Array | undefined;
  readonly longLink: Uint8Array | undefined;
}

function merge(raw: RawHeader, more: Extensions, at: number, limits: TarLimits): TarHeader {
  const pax = more.pax ?? new Map<string, Uint8Array>();
  const bytes = (key: string): Uint8Array | undefined => {
    const value = pax.get(key);
    // An empty value takes a record back.
    return value === undefined || value.length === 0 ? undefined : value;
  };
  const name = boundedName(more.longName ?? bytes('path') ?? raw.name, limits.nameBytes, at);
  const linkName = boundedName(
    more.longLink ?? bytes('linkpath') ?? raw.linkName,
    limits.nameBytes,
    at,
  );
  const type = typeOf(raw.flag, name, at);
  if ([...pax.keys()].some((key) => key.startsWith('GNU.sparse.'))) throw unsupported('sparse', at);
  const decimal = (key: string, fallback: number, shape: RegExp): number => {
    const value = bytes(key);
    if (value === undefined) return fallback;
    const text = value.length > 40 ? '' : String.fromCharCode(...value);
    if (!shape.test(text)) throw corrupt(`malformed PAX ${key}`, at);
    return Number(text);
  };
  const size = decimal('size', raw.size, INTEGER);
  if (type === 'file' && size > limits.fileBytes) {
    throw tooLarge(`a file of ${size} bytes, at byte ${at}`);
  }
  const link = type === 'symlink' || type === 'hardlink';
  if (link && linkName === '') throw corrupt('a link without target', at);
  const xattrs = xattrsOf(pax, limits, at);
  return {
    name,
    type,
    mode: raw.mode & 0o7777,
    uid: owner(decimal('uid', raw.uid, INTEGER), at),
    gid: owner(decimal('gid', raw.gid, INTEGER), at),
    size: type === 'file' ? size : 0,
    mtime: decimal('mtime', raw.mtime, TIME),
    linkName: link ? linkName : '',
    ...((type === 'char' || type === 'block') && {
      device: { major: raw.major, minor: raw.minor },
    }),
    ...(xattrs && { xattrs }),
  };
}

const INTEGER = /^\d{1,15}$/;
const TIME = /^-?\d{1,12}(\.\d*)?$/;
const XATTR = 'SCHILY.xattr.';

function owner(id: number, at: number): number {
  if (id < 0 || id > 0xffff_ffff) throw corrupt('owner out of range', at);
  return id;
}

function xattrsOf(
  pax: PaxRecords,
  limits: TarLimits,
  at: number,
): Record<string, Uint8Array> | undefined {
  const found: [string, Uint8Array][] = [];
  for (const [key, value] of pax) {
    if (!key.startsWith(XATTR)) continue;
    if (key.length === XATTR.length) throw corrupt('an extended attribute without name', at);
    if (key.length > limits.nameBytes) throw tooLarge(`an attribute's name, at byte ${at}`);
    found.push([key.slice(XATTR.length), value]);
  }
  // From entries, not by assignment: a name may be `__proto__`.
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function typeOf(flag: string, name: string, at: number): TarType {
  switch (flag) {
    case '\0':
    case '0':
      // V7 has no type for directories.
      return name.endsWith('/') ? 'dir' : 'file';
    case '7':
      return 'file';
    case '1':
      return 'hardlink';
    case '2':
      return 'symlink';
    case '3':
      return 'char';
    case '4':
      return 'block';
    case '5':
      return 'dir';
    case '6':
      return 'fifo';
    case 'S':
      throw unsupported('sparse', at);
    default:
      throw unsupported(JSON.stringify(flag), at);
  }
}

function unsupported(what: string, at: number): EngineError {
  return new EngineError('tar-unsupported', `unhandled tar header type ${what} (at byte ${at})`, {
    hint: 'Only files, directories, links, devices and FIFOs can be in a layer.',
  });
}
