import type { Later } from './later.ts';

/**
 * Port: one file of any type (an inode) that the 9P server serves. Adapters: the copy-on-write
 * tree, synthetic directories, and the host's folder that is the workspace.
 *
 * Operations fail by throwing (or rejecting with) `FileError`, or an Error whose `code` is the name of a
 * Linux error, as Node's have. They check what a kernel's file system checks (existence, types,
 * emptiness); permissions, path lengths and symlinks are the guest's kernel's business, and names
 * are never '', '.', '..' or longer than 255 bytes and have no '/'. Names are strings as
 * `decodeName` makes them. A node stays usable after its last name is gone.
 *
 * Extend `BaseNode` to write only the operations that a file has.
 */
export interface FileNode {
  /** st_ino: the same as long as the file exists and no other's; take it from `nextInode`. */
  readonly id: number;
  /** S_IFMT bits: never changes. */
  readonly format: number;
  attributes(): Later<Attributes>;
  /** Sets what is given. A change of size keeps the content up to it and adds zeros. */
  change(changes: AttributeChanges): Later<void>;

  /** A directory's entry; undefined when it has none of this name, since that is no failure. */
  lookup(name: string): Later<FileNode | undefined>;
  /** All entries but '.' and '..'; asked for once per `opendir` and `rewinddir`. */
  list(): Later<readonly Listed[]>;
  /** EEXIST when the name is taken. */
  create(name: string, made: NewNode): Later<FileNode>;
  /** A hard link. EXDEV when the node is another file system's. */
  link(name: string, node: FileNode): Later<void>;
  /** Removes an entry that is (`directory`) or is not a directory. ENOTDIR, EISDIR, ENOTEMPTY. */
  unlink(name: string, directory: boolean): Later<void>;
  /** Replaces what `newName` was, if it may be. */
  rename(name: string, to: FileNode, newName: string): Later<void>;

  /** A regular file's content. Opening for writing where it is not allowed: EROFS, ETXTBSY. */
  open(access: Access): Later<OpenFile>;
  /** A symlink's target. */
  readLink(): Later<string>;

  /** Undefined when it is not set. */
  xattr(name: string): Later<Uint8Array | undefined>;
  xattrs(): Later<readonly string[]>;
  /** Undefined removes. `mode` as in setxattr(2): EEXIST, ENODATA. */
  setXattr(name: string, value: Uint8Array | undefined, mode: XattrMode): Later<void>;

  statfs(): Later<FileSystemStatus>;
}

export type XattrMode = 'any' | 'create' | 'replace';

/** A file opened: keeps its content readable when the last name goes. */
export interface OpenFile {
  /** Fills `into` from `offset`; how many bytes there were: fewer only at the end of the file. */
  read(offset: number, into: Uint8Array): Later<number>;
  /** `bytes` are unchanged until the result is there, and must be copied to be kept longer. */
  write(offset: number, bytes: Uint8Array): Later<number>;
  /** What was written survives a crash of this process, where that means something. */
  sync(): Later<void>;
  close(): Later<void>;
}

export interface Access {
  readonly write: boolean;
  readonly truncate: boolean;
}

/** As stat(2) shows it. */
export interface Attributes {
  /** st_mode with the type. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  readonly size: number;
  /** Of 512 bytes. */
  readonly blocks: number;
  readonly device: Device | undefined;
  readonly atime: Time;
  readonly mtime: Time;
  readonly ctime: Time;
}

export interface AttributeChanges {
  /** Permission bits, 0o7777. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  readonly atime?: Time | 'now';
  readonly mtime?: Time | 'now';
}

/** Since 1970; `seconds` may be negative, `nanoseconds` is not. */
export interface Time {
  readonly seconds: number;
  readonly nanoseconds: number;
}

export interface Device {
  readonly major: number;
  readonly minor: number;
}

export interface Listed {
  readonly name: string;
  /** As the node's. */
  readonly id: number;
  readonly format: number;
}

export interface NewNode {
  readonly format: number;
  /** Permission bits, 0o7777; the caller's umask is off already. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Symlinks only. */
  readonly target?: string;
  /** Character and block devices only. */
  readonly device?: Device;
}

export interface FileSystemStatus {
  /** Bytes. */
  readonly size: number;
  readonly free: number;
  readonly files: number;
}

/** S_IFMT and its values. */
export const FORMAT = {
  mask: 0o170000,
  socket: 0o140000,
  symlink: 0o120000,
  file: 0o100000,
  block: 0o060000,
  directory: 0o040000,
  character: 0o020000,
  fifo: 0o010000,
} as const;

export const PERMISSIONS = 0o7777;

let lastInode = 1;

/**
 * A number that no other file has: the guest knows files by it, of whatever tree, and would mix
 * the contents of two that share one.
 */
export function nextInode(): number {
  lastInode += 1;
  return lastInode;
}

/** Milliseconds since 1970, as Date.now() counts, as a time stamp. */
export function timeOf(milliseconds: number): Time {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanoseconds: Math.floor((milliseconds - seconds * 1000) * 1e6) };
}
