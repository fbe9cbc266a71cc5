/** Types of 9P2000.L's requests; each is answered by the type after it, or by `RLERROR`. */
export const T = {
  statfs: 8,
  lopen: 12,
  lcreate: 14,
  symlink: 16,
  mknod: 18,
  rename: 20,
  readlink: 22,
  getattr: 24,
  setattr: 26,
  xattrwalk: 30,
  xattrcreate: 32,
  readdir: 40,
  fsync: 50,
  lock: 52,
  getlock: 54,
  link: 70,
  mkdir: 72,
  renameat: 74,
  unlinkat: 76,
  version: 100,
  auth: 102,
  attach: 104,
  flush: 108,
  walk: 110,
  read: 116,
  write: 118,
  clunk: 120,
  remove: 122,
} as const;

export const RLERROR = 7;

export const VERSION = '9P2000.L';
/** The tag of a Tversion. */
export const NO_TAG = 0xffff;
export const NO_FID = 0xffffffff;

/** size[4] type[1] tag[2]. */
export const HEADER = 7;
/** What a request or an answer with data may have besides it. */
export const IO_HEADER = 24;
export const QID_SIZE = 13;

export const QID_DIRECTORY = 0x80;
export const QID_SYMLINK = 0x02;

/** Of Tlopen and Tlcreate: Linux's own numbers. */
export const OPEN = { accessMode: 3, exclusive: 0o200, truncate: 0o1000 } as const;

/** Of Tsetattr. */
export const SET = {
  mode: 0x1,
  uid: 0x2,
  gid: 0x4,
  size: 0x8,
  atime: 0x10,
  mtime: 0x20,
  atimeGiven: 0x80,
  mtimeGiven: 0x100,
} as const;

export const GETATTR_BASIC = 0x7ff;
export const AT_REMOVEDIR = 0x200;
export const XATTR = { create: 1, replace: 2 } as const;
/** Names walked in one request. */
export const WALK_LIMIT = 16;
/** XATTR_SIZE_MAX and XATTR_LIST_MAX of Linux. */
export const XATTR_LIMIT = 65536;

export const LOCK = {
  types: { read: 0, write: 1, unlock: 2 },
  blocking: 1,
  status: { success: 0, blocked: 1 },
} as const;

/** V9FS_MAGIC, what statfs says the type is. */
export const MAGIC = 0x01021997;
