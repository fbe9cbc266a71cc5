import { concat, utf8 } from '../../engine/bytes.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { baseName, parentPath } from '../../engine/layer/path.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import { bytesOf, fileOf } from '../entries.ts';
import { readSharedLibrary } from './elf.ts';

/** Where Debian's linker looks by itself; `/etc/ld.so.conf.d` comes before them. */
const DEFAULT_DIRECTORIES = ['/lib', '/usr/lib'];

/** ELF's machine and how glibc's cache marks its libraries ("ELF, needs libc 6, this kind"). */
const FLAGS: ReadonlyMap<number, number> = new Map([
  [3, 0x0003],
  [62, 0x0303],
  [183, 0x0a03],
]);

interface Row {
  readonly flags: number;
  readonly soname: string;
  readonly path: string;
}

/** `/etc/ld.so.cache` as ldconfig makes it for a root: sonames and where their libraries are. */
export async function ldSoCache(root: FileTree): Promise<Entry> {
  const rows: Row[] = [];
  for (const directory of await searchPath(root)) {
    const seen = new Set<string>();
    for (const name of root.list(directory.folder)) {
      if (!/^(?:lib|ld-).*\.so/.test(name)) continue;
      const target = root.resolve(`${directory.folder}/${name}`);
      const node = target === undefined ? undefined : root.get(target);
      if (node?.entry.type !== 'file') continue;
      const library = readSharedLibrary(await bytesOf(node.entry));
      const flags = library && FLAGS.get(library.machine);
      if (library === undefined || flags === undefined) continue;
      const soname = library.soname ?? name;
      // A library is listed by its soname, and a link for developers (libz.so) not at all.
      const key = root.get(`${directory.folder}/${soname}`) === undefined ? name : soname;
      if (seen.has(key)) continue;
      seen.add(key);
      rows.push({ flags, soname: key, path: `${directory.written}/${key}` });
    }
  }
  rows.sort((a, b) => compareLibraries(b.soname, a.soname) || b.flags - a.flags);
  return fileOf('etc/ld.so.cache', encode(rows));
}

interface SearchDirectory {
  /** In the tree. */
  readonly folder: string;
  /** As the configuration names it. */
  readonly written: string;
}

async function searchPath(root: FileTree): Promise<readonly SearchDirectory[]> {
  const written: string[] = [];
  for (const name of root.list('etc/ld.so.conf.d')) {
    const node = root.get(`etc/ld.so.conf.d/${name}`);
    if (!name.endsWith('.conf') || node?.entry.type !== 'file') continue;
    const text = new TextDecoder().decode(await bytesOf(node.entry));
    for (const line of text.split('\n')) {
      const path = line.replace(/#.*/, '').trim();
      if (path.startsWith('/')) written.push(path);
    }
  }
  written.push(...DEFAULT_DIRECTORIES);
  const found = new Map<string, SearchDirectory>();
  for (const path of written) {
    const folder = root.resolve(path.slice(1));
    if (folder !== undefined && root.get(folder)?.entry.type === 'dir' && !found.has(folder)) {
      found.set(folder, { folder, written: path });
    }
  }
  return [...found.values()];
}

/** glibc's order: as text, but numbers by value, and a digit after anything else. */
export function compareLibraries(a: string, b: string): number {
  let i = 0;
  let j = 0;
  const digit = (char: string): boolean => char >= '0' && char <= '9';
  while (i < a.length) {
    const x = a.charAt(i);
    const y = b.charAt(j);
    if (digit(x) && digit(y)) {
      const left = /^\d+/.exec(a.slice(i))?.[0] ?? '';
      const right = /^\d+/.exec(b.slice(j))?.[0] ?? '';
      if (Number(left) !== Number(right)) return Number(left) - Number(right);
      i += left.length;
      j += right.length;
    } else if (digit(x)) {
      return 1;
    } else if (digit(y)) {
      return -1;
    } else if (x !== y) {
      return x.charCodeAt(0) - (y === '' ? 0 : y.charCodeAt(0));
    } else {
      i++;
      j++;
    }
  }
  return j < b.length ? -1 : 0;
}

const HEADER = 48;
const ROW = 24;

/** The format "glibc-ld.so.cache1.1", little-endian. */
function encode(rows: readonly Row[]): Uint8Array {
  const strings: Uint8Array[] = [];
  const offsets = new Map<string, number>();
  let length = 0;
  const base = HEADER + rows.length * ROW;
  const offset = (text: string): number => {
    const known = offsets.get(text);
    if (known !== undefined) return known;
    const bytes = utf8(`${text}\0`);
    const at = base + length;
    offsets.set(text, at);
    strings.push(bytes);
    length += bytes.length;
    return at;
  };
  const table = new Uint8Array(rows.length * ROW);
  const view = new DataView(table.buffer);
  rows.forEach(({ flags, soname, path }, i) => {
    view.setInt32(i * ROW, flags, true);
    // A soname is the end of its path: one string serves both, as ldconfig does it too.
    const value = offset(path);
    view.setUint32(i * ROW + 4, value + parentPath(path).length + 1, true);
    view.setUint32(i * ROW + 8, value, true);
    if (baseName(path) !== soname) throw new Error(`${path} does not end in ${soname}`);
  });
  const header = new Uint8Array(HEADER);
  header.set(utf8('glibc-ld.so.cache1.1'));
  const head = new DataView(header.buffer);
  head.setUint32(20, rows.length, true);
  head.setUint32(24, length, true);
  head.setUint8(28, 2);
  return concat([header, table, ...strings]);
}
