import { EngineError } from '../../engine/errors.ts';
import { errnoOf } from '../errno.ts';

/** Turns a failed write to `directory` into what its user can do about it; anything unknown comes back as it is. */
export function diskError(error: unknown, directory: string): unknown {
  switch (errnoOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new EngineError('packages-disk', `no space left on the disk of ${directory}`, {
        hint: 'Free some space and run the command again; what is already downloaded is kept.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT': // what making a folder on a read-only filesystem ends with
      return new EngineError('packages-permission', `cannot write to ${directory}`, {
        hint: 'Run the command as the user who owns that folder.',
        cause: error,
      });
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EISDIR':
      return new EngineError('packages-path', `something else is in the place of ${directory}`, {
        hint: 'Move it away, or name another folder.',
        cause: error,
      });
    default:
      return error;
  }
}
