import { concat, utf8 } from '../../engine/bytes.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { parentPath } from '../../engine/layer/path.ts';
import { bytesOf, directory } from '../entries.ts';

/** The file type bits of `st_mode`. */
const TYPE = {
  file: 0o100000,
  dir: 0o040000,
  symlink: 0o120000,
  char: 0o020000,
  block: 0o060000,
  fifo: 0o010000,
} as const;

/**
 * An initramfs: a cpio archive in the format `newc`, uncompressed, which the kernel takes as well and
 * the emulator unpacks sooner. Entries come in any order, each path once; directories that are
 * missing on the way are made. A hard link becomes a file of its own. Dates are whole seconds.
 */
export async function cpio(entries: readonly Entry[]): Promise<Uint8Array> {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path } of entries) {
    for (let at = parentPath(path); at !== ''; at = parentPath(at)) {
      if (!byPath.has(at)) byPath.set(at, directory(at));
    }
  }
  // By path, a directory comes before what is in it.
  const sorted = [...byPath.values()]
    .filter(({ path }) => path !== '')
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const parts: Uint8Array[] = [];
  for (const [index, entry] of sorted.entries()) {
    const linked = entry.type === 'hardlink' ? byPath.get(entry.target ?? '') : entry;
    if (linked === undefined || !(linked.type in TYPE)) {
      throw new Error(`${entry.path} cannot be in an initramfs: ${entry.type}`);
    }
    parts.push(...(await member({ ...linked, path: entry.path }, index + 1)));
  }
  parts.push(...header({ name: 'TRAILER!!!', links: 1 }));
  return concat(parts);
}

async function member(entry: Entry, inode: number): Promise<readonly Uint8Array[]> {
  const content = await contentOf(entry);
  return [
    ...header({
      name: entry.path,
      inode,
      mode: TYPE[typeOf(entry)] | entry.mode,
      uid: entry.uid,
      gid: entry.gid,
      links: entry.type === 'dir' ? 2 : 1,
      mtime: Math.floor(entry.mtime),
      size: content.length,
      ...(entry.device && { device: entry.device }),
    }),
    content,
    padding(content.length),
  ];
}

function typeOf({ type }: Entry): keyof typeof TYPE {
  if (type === 'hardlink' || type === 'whiteout' || type === 'opaque') {
    throw new Error(`${type} has no type in an archive`);
  }
  return type;
}

async function contentOf(entry: Entry): Promise<Uint8Array> {
  if (entry.type === 'symlink') return utf8(entry.target ?? '');
  return entry.type === 'file' ? bytesOf(entry) : new Uint8Array();
}

interface Header {
  readonly name: string;
  readonly inode?: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly links: number;
  readonly mtime?: number;
  readonly size?: number;
  readonly device?: { readonly major: number; readonly minor: number };
}

/** The header with the name: 110 bytes of hexadecimal digits and the name, ended by a zero. */
function header({ name, inode = 0, mode = 0, ...rest }: Header): readonly Uint8Array[] {
  const text = utf8(`${name}\0`);
  const { uid = 0, gid = 0, links, mtime = 0, size = 0, device } = rest;
  const fields = [inode, mode, uid, gid, links, mtime, size];
  // The archive's own device has number 0:0; the sum at the end is unused in this format.
  fields.push(0, 0, device?.major ?? 0, device?.minor ?? 0, text.length, 0);
  const hex = fields.map((value) => value.toString(16).padStart(8, '0')).join('');
  return [utf8(`070701${hex}`), text, padding(110 + text.length)];
}

function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}
