import { EngineError } from '../../engine/errors.ts';
import { errnoOf } from '../store/fs-errors.ts';

const KNOWN: Readonly<Record<string, readonly [code: string, words: string, hint?: string]>> = {
  ENOENT: ['not-found', 'no such file or directory'],
  EACCES: ['permission-denied', 'permission denied', 'Check who owns the file and its mode.'],
  EPERM: ['permission-denied', 'operation not permitted', 'Check who owns the file and its mode.'],
  EROFS: ['permission-denied', 'read-only file system'],
  EISDIR: ['is-a-directory', 'is a directory'],
  ENOTDIR: ['not-a-directory', 'not a directory'],
  EEXIST: ['not-a-directory', 'a file is in the way'],
  ENOSPC: ['disk-full', 'no space left on device', 'Free some disk space and try again.'],
  EDQUOT: ['disk-full', 'disk quota exceeded', 'Free some disk space and try again.'],
  ENAMETOOLONG: ['name-too-long', 'file name too long'],
  ELOOP: ['too-many-links', 'too many levels of symbolic links'],
  EMFILE: ['too-many-files', 'too many open files', 'Raise the limit with `ulimit -n`.'],
};

/**
 * A failure of the user's own files, worded as Docker (Go) words it: `open Dockerfile: permission
 * denied`. EngineErrors, and what is no file system error at all, pass through.
 */
export function fileError(error: unknown, action: string, path: string): unknown {
  const errno = errnoOf(error);
  if (error instanceof EngineError || errno === undefined || !/^E[A-Z0-9]+$/.test(errno)) {
    return error;
  }
  const [code, words, hint] = KNOWN[errno] ?? ['file-io', errno];
  return new EngineError(code, `${action} ${path}: ${words}`, {
    cause: error,
    ...(hint !== undefined && { hint }),
  });
}
