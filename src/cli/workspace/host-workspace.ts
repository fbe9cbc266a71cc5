import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Workspace } from '../../engine/docker/session.ts';
import { errnoOf } from '../store/fs-errors.ts';

/**
 * A folder of the host as the workspace of commands that are typed on the host. `folder` has no
 * symlink in its path; what leads out of it, by a symlink too, is outside.
 */
export function hostWorkspace(folder: string, cwd: string): Workspace {
  const at = (source: string): string => join(folder, source);
  return {
    locate(path) {
      const absolute = resolve(cwd, path);
      const real = realOf(absolute);
      const source = relative(folder, real);
      if (source === '..' || source.startsWith(`..${sep}`)) return undefined;
      return { source, absolute };
    },
    async kind(source) {
      const found = statSync(at(source), { throwIfNoEntry: false });
      if (!found) return 'none';
      return found.isDirectory() ? 'dir' : 'file';
    },
    async makeDirectory(source) {
      mkdirSync(at(source), { recursive: true });
    },
  };
}

/** The path with the symlinks followed of all that is there. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const parent = dirname(path);
    if (errnoOf(error) !== 'ENOENT' || parent === path) return path;
    return join(realOf(parent), basename(path));
  }
}
