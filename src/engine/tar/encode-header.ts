import { concat, encodeName, utf8 } from '../bytes.ts';
import type { Entry } from '../layer/entry.ts';
import { layerName } from '../layer/whiteout.ts';
import { BLOCK, checksums, type HeaderFields, paddingOf } from './format.ts';
import { formatPax } from './pax.ts';

export interface HeaderOptions {
  /** Keep fractions of seconds in a PAX header; by default times are cut to whole seconds. */
  readonly fractions?: boolean;
}

const FLAGS = {
  file: '0',
  whiteout: '0',
  opaque: '0',
  hardlink: '1',
  symlink: '2',
  char: '3',
  block: '4',
  dir: '5',
  fifo: '6',
} as const;

/** The name an entry has in an archive: whiteouts as `.wh.`, directories with a slash, the root as `./`. */
export function archiveName(entry: Entry): string {
  const name = layerName(entry);
  return entry.type === 'dir' ? (name === '' ? './' : `${name}/`) : name;
}

/**
 * The header blocks of an entry: one ustar block, before it a PAX header where ustar cannot say it
 * (long or non-ASCII names, large numbers, times before 1970, extended attributes). Owners are
 * numbers without names. The same entry gives the same bytes everywhere.
 */
export function encodeHeader(entry: Entry, options: HeaderOptions = {}): Uint8Array {
  const name = encodeName(archiveName(entry));
  const linkName = encodeName(entry.target ?? '');
  const mtime = options.fractions === true ? entry.mtime : Math.floor(entry.mtime);
  const size = entry.type === 'file' ? entry.size : 0;
  check(entry, size);
  const pax = new Map<string, Uint8Array>();
  const split = splitName(name);
  if (split === undefined) pax.set('path', name);
  if (linkName.length > 100 || !isAscii(linkName)) pax.set('linkpath', linkName);
  if (size > 0o77777777777) pax.set('size', utf8(String(size)));
  if (entry.uid > 0o7777777) pax.set('uid', utf8(String(entry.uid)));
  if (entry.gid > 0o7777777) pax.set('gid', utf8(String(entry.gid)));
  if (!Number.isInteger(mtime) || mtime < 0 || mtime > 0o77777777777) {
    pax.set('mtime', utf8(decimal(mtime)));
  }
  for (const [key, value] of Object.entries(entry.xattrs ?? {})) {
    if (key === '' || /[=\0]/.test(key)) throw new Error(`attribute name ${JSON.stringify(key)}`);
    pax.set(`SCHILY.xattr.${key}`, value);
  }
  const block = ustar(FLAGS[entry.type], split ?? { prefix: NONE, name: cut(name) }, {
    linkName: cut(linkName),
    mode: entry.mode,
    uid: entry.uid > 0o7777777 ? 0 : entry.uid,
    gid: entry.gid > 0o7777777 ? 0 : entry.gid,
    size: pax.has('size') ? 0 : size,
    mtime: pax.has('mtime') ? Math.min(Math.max(Math.floor(mtime), 0), 0o77777777777) : mtime,
    major: entry.device?.major ?? 0,
    minor: entry.device?.minor ?? 0,
  });
  return pax.size === 0 ? block : concat([paxBlocks(pax), block]);
}

function check(entry: Entry, size: number): void {
  const wrong = (what: string): Error =>
    new Error(`${what} cannot be in a tar archive: ${JSON.stringify(entry.path)}`);
  const whole = (value: number, most: number): boolean =>
    Number.isInteger(value) && value >= 0 && value <= most;
  if (!whole(size, Number.MAX_SAFE_INTEGER)) throw wrong(`size ${size}`);
  if (!whole(entry.uid, 0xffff_ffff) || !whole(entry.gid, 0xffff_ffff)) {
    throw wrong(`owner ${entry.uid}:${entry.gid}`);
  }
  if (!whole(entry.mode, 0o7777)) throw wrong(`mode ${entry.mode.toString(8)}`);
  if (!Number.isFinite(entry.mtime)) throw wrong(`mtime ${entry.mtime}`);
  const { major = 0, minor = 0 } = entry.device ?? {};
  if (!whole(major, 0o7777777) || !whole(minor, 0o7777777)) throw wrong(`device ${major}:${minor}`);
  if (entry.path.includes('\0') || entry.target?.includes('\0') === true) throw wrong('NUL');
  if ((entry.type === 'symlink' || entry.type === 'hardlink') && !entry.target) {
    throw wrong('a link without target');
  }
}

/** A PAX number: never in exponent form; nine digits of fraction are what file systems have. */
function decimal(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(9).replace(/\.?0+$/, '');
}

const NONE = new Uint8Array(0);

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

interface Split {
  readonly prefix: Uint8Array;
  readonly name: Uint8Array;
}

/** Into ustar's 155 + 100 bytes, at the last slash that will do. Undefined when there is none. */
function splitName(name: Uint8Array): Split | undefined {
  if (!isAscii(name)) return undefined;
  if (name.length <= 100) return { prefix: NONE, name };
  // The slash itself is in neither part, and the name must not be empty (a directory ends in one).
  const slash = name.subarray(0, Math.min(156, name.length - 1)).lastIndexOf(0x2f);
  if (slash <= 0 || name.length - slash - 1 > 100) return undefined;
  return { prefix: name.subarray(0, slash), name: name.subarray(slash + 1) };
}

/** What readers without PAX see: the beginning, in ASCII. */
function cut(name: Uint8Array): Uint8Array {
  return name.slice(0, 100).map((byte) => (byte < 0x80 ? byte : 0x5f));
}

function paxBlocks(pax: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sorted = [...pax].sort(([a], [b]) => (a < b ? -1 : 1));
  const body = formatPax(sorted);
  const header = ustar(
    'x',
    { prefix: NONE, name: utf8('PaxHeaders.0/pax') },
    {
      linkName: NONE,
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: body.length,
      mtime: 0,
      major: 0,
      minor: 0,
    },
  );
  return concat([header, body, new Uint8Array(paddingOf(body.length))]);
}

function ustar(flag: string, { prefix, name }: Split, fields: HeaderFields): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const octal = (start: number, length: number, value: number): void => {
    block.set(utf8(value.toString(8).padStart(length - 1, '0')), start);
  };
  block.set(name, 0);
  octal(100, 8, fields.mode);
  octal(108, 8, fields.uid);
  octal(116, 8, fields.gid);
  octal(124, 12, fields.size);
  octal(136, 12, fields.mtime);
  block.set(utf8(flag), 156);
  block.set(fields.linkName, 157);
  block.set(utf8('ustar\x0000'), 257);
  octal(329, 8, fields.major);
  octal(337, 8, fields.minor);
  block.set(prefix, 345);
  octal(148, 7, checksums(block).unsigned);
  block[155] = 0x20;
  return block;
}
