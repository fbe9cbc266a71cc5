import { lstatSync, mkdirSync, readlinkSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SharedFolder } from '../../shell/folder.ts';
import { hostFiles } from '../host-files.ts';

/** A folder of the host's, as what is at /workspace. `folder` has no symlink in its path. */
export function hostShared(folder: string): SharedFolder {
  return {
    files: (signal) => hostFiles(folder, signal),
    linkAt(source) {
      const path = join(folder, source);
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (!found) return undefined;
      return found.isSymbolicLink() ? readlinkSync(path) : null;
    },
    async kind(source) {
      const found = await stat(join(folder, source)).catch(() => undefined);
      if (!found) return 'none';
      return found.isDirectory() ? 'dir' : 'file';
    },
    async makeDirectory(source) {
      mkdirSync(join(folder, source), { recursive: true });
    },
  };
}
