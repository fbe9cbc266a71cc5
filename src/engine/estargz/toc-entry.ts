import { base64 } from './base64.ts';
import type { Entry } from '../layer/entry.ts';

/** An entry of the table of contents, as the specification spells it. Chunks after a file's first have only a name and where they are. */
export interface TocEntry {
  readonly name: string;
  readonly type: string;
  readonly size?: number;
  readonly modtime?: string;
  readonly linkName?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly devMajor?: number;
  readonly devMinor?: number;
  readonly xattrs?: Readonly<Record<string, string>>;
  /** Of the whole file. */
  readonly digest?: string;
  /** Where the gzip member begins whose first bytes are the chunk. */
  readonly offset?: number;
  readonly chunkOffset?: number;
  /** Left out of a file's last chunk. */
  readonly chunkSize?: number;
  readonly chunkDigest?: string;
}

const TYPES = {
  file: 'reg',
  whiteout: 'reg',
  opaque: 'reg',
  dir: 'dir',
  symlink: 'symlink',
  hardlink: 'hardlink',
  char: 'char',
  block: 'block',
  fifo: 'fifo',
} as const;

/** What the table says of an entry besides where its content is. `name` is its name in the archive. */
export function tocEntryOf(entry: Entry, name: string): TocEntry {
  const seconds = Math.floor(entry.mtime);
  const xattrs = Object.entries(entry.xattrs ?? {});
  return {
    name,
    type: TYPES[entry.type],
    ...(entry.type === 'file' && entry.size > 0 && { size: entry.size }),
    ...(seconds !== 0 && { modtime: `${new Date(seconds * 1000).toISOString().slice(0, -5)}Z` }),
    ...(entry.target !== undefined && { linkName: entry.target }),
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    ...(entry.device && { devMajor: entry.device.major, devMinor: entry.device.minor }),
    ...(xattrs.length > 0 && {
      xattrs: Object.fromEntries(xattrs.map(([key, value]) => [key, base64(value)])),
    }),
  };
}
