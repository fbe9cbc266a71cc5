/** Linux's error numbers, as 9P2000.L carries them. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ETXTBSY: 26,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  EMLINK: 31,
  ERANGE: 34,
  ENAMETOOLONG: 36,
  ENOTEMPTY: 39,
  ELOOP: 40,
  ENODATA: 61,
  EPROTO: 71,
  EMSGSIZE: 90,
  EOPNOTSUPP: 95,
  ESTALE: 116,
  EDQUOT: 122,
} as const;

export type ErrnoName = keyof typeof ERRNO;

/** What a file operation fails with; the guest sees the number. Anything else that is thrown becomes EIO. */
export class FileError extends Error {
  readonly errno: number;

  constructor(name: ErrnoName, detail?: string) {
    super(detail === undefined ? name : `${name}: ${detail}`);
    this.name = 'FileError';
    this.errno = ERRNO[name];
  }
}

export function fail(name: ErrnoName): never {
  throw new FileError(name);
}

/** The number of an error that was thrown: by `errno`, or by the `code` that Node's errors have. */
export function errnoOf(error: unknown): number {
  if (error instanceof FileError) return error.errno;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const { code } = error;
    if (isErrnoName(code)) return ERRNO[code];
    if (code === 'ENOTSUP') return ERRNO.EOPNOTSUPP;
  }
  return ERRNO.EIO;
}

function isErrnoName(code: string): code is ErrnoName {
  return Object.hasOwn(ERRNO, code);
}
