import { ProcessStartError, type StartFailure } from '../../engine/process/start-error.ts';
import { ERRNO } from '../files/errno.ts';
import type { KeeperEvent } from './report.ts';

/** Why a process did not start, from what the kernel or crun said of it; `program` as it was given. */
export function startError(
  event: Extract<KeeperEvent, { readonly kind: 'entry' | 'crun' }>,
  { program, cwd }: { readonly program: string; readonly cwd: string },
): ProcessStartError {
  if (event.kind === 'entry') {
    const failure =
      event.stage === 'lookup' ? lookupFailure(event.errno) : execFailure(event.errno);
    return new ProcessStartError(failure, program, `exec ${program}: ${describe(event.errno)}`);
  }
  const { message } = event;
  if (CWD.test(message)) return new ProcessStartError('cwd', cwd, message);
  const mount = MOUNT.exec(message);
  if (mount) return new ProcessStartError('mount', mount[1] ?? '', message);
  return new ProcessStartError('other', program, message);
}

/** crun 1.21, linux.c: libcrun_safe_chdir. */
const CWD = /^chdir to `|^the (current )?working directory is not /;

/** crun 1.21, linux.c: do_mounts and what it calls; the path that is named last is the one in the container. */
const MOUNT =
  /^(?:(?:re)?mount|move_mount|fsmount|open_tree|mount_setattr|open mount target|create (?:file|directory|symlink)|cannot (?:mount|open|create)|invalid (?:mount )?(?:source|target)).*`([^`]*)`/;

function lookupFailure(errno: number): StartFailure {
  switch (errno) {
    case ERRNO.ENOENT:
    case ERRNO.ENOTDIR:
      return 'not-found';
    case ERRNO.EACCES:
      return 'permission-denied';
    case ERRNO.EISDIR:
      return 'is-directory';
    default:
      return 'other';
  }
}

/** The file was looked at just before: what the kernel does not find now is what the file names. */
function execFailure(errno: number): StartFailure {
  switch (errno) {
    case ERRNO.ENOENT:
    case ERRNO.ENOTDIR:
      return 'loader-missing';
    case ERRNO.EACCES:
    case ERRNO.EPERM:
      return 'permission-denied';
    case ENOEXEC:
    case ELIBBAD:
      return 'exec-format';
    default:
      return 'other';
  }
}

const ENOEXEC = 8;
const ELIBBAD = 80;

const WORDS: ReadonlyMap<number, string> = new Map([
  [ERRNO.EPERM, 'operation not permitted'],
  [ERRNO.ENOENT, 'no such file or directory'],
  [ERRNO.E2BIG, 'argument list too long'],
  [ENOEXEC, 'exec format error'],
  [ERRNO.ENOMEM, 'cannot allocate memory'],
  [ERRNO.EACCES, 'permission denied'],
  [ERRNO.ENOTDIR, 'not a directory'],
  [ERRNO.EISDIR, 'is a directory'],
  [ERRNO.ETXTBSY, 'text file busy'],
  [ERRNO.ELOOP, 'too many levels of symbolic links'],
  [ERRNO.EIO, 'input/output error'],
]);

/** As Go words an error number. */
function describe(errno: number): string {
  return WORDS.get(errno) ?? `errno ${errno}`;
}
