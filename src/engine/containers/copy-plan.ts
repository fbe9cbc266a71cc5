import { cleanGoPath } from '../dockerfile/glob.ts';
import { EngineError } from '../errors.ts';

/** Where something is copied to, before it is known what happens there. */
export interface CopyTarget {
  readonly path: string;
  readonly kind: 'dir' | 'file' | 'none';
}

export interface CopyPlan {
  /** The directory things are put into, which must be there. */
  readonly directory: string;
  /** What the source is called in it; '' when its content is put there. */
  readonly name: string;
}

/**
 * Docker's rules for `cp`, which are those of `cp -a`: into a directory that is there, or else under
 * the name that was given. `source.path` is as typed: one that ends in `/.` means the content of a
 * directory. Errors, as Docker words them: `copy-refused`.
 */
export function planCopy(
  source: { readonly path: string; readonly isDir: boolean },
  target: CopyTarget,
): CopyPlan {
  const { directory, name } = splitPath(target.path);
  if (target.kind === 'dir') {
    const own = splitPath(source.path).name;
    return { directory: target.path, name: own === '.' || own === '/' ? '' : own };
  }
  if (target.kind === 'file' && source.isDir) throw refused('cannot copy directory');
  const assertsDir = target.path === '' || assertsDirectory(target.path);
  if (target.kind === 'none' && !source.isDir && assertsDir) {
    throw refused('no such directory');
  }
  return { directory, name };
}

/** Go's Dir and Base, but that a path which ends in `/.` has the base `.`. */
export function splitPath(path: string): { readonly directory: string; readonly name: string } {
  const cleaned = cleanGoPath(path);
  if (endsInDot(path)) return { directory: cleaned, name: '.' };
  if (cleaned === '/') return { directory: '/', name: '/' };
  const slash = cleaned.lastIndexOf('/');
  const directory = slash < 0 ? '.' : slash === 0 ? '/' : cleaned.slice(0, slash);
  return { directory, name: cleaned.slice(slash + 1) };
}

/** Whether a path says of itself that it is a directory's. */
export function assertsDirectory(path: string): boolean {
  return path.endsWith('/') || endsInDot(path);
}

function endsInDot(path: string): boolean {
  return path === '.' || path.endsWith('/.');
}

/** Told by Docker's client, before its daemon does anything. */
export function refused(message: string): EngineError {
  return new EngineError('copy-refused', message);
}
