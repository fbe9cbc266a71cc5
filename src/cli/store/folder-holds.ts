import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Holds } from '../../engine/store/port.ts';
import { tryLock } from './file-lock.ts';
import { errnoOf, inStore } from './fs-errors.ts';

/** Names as locked files in a folder. `root` is for messages. */
export function folderHolds(root: string, dir: string): Holds {
  const pathOf = (name: string): string => join(dir, encodeURIComponent(name));
  return {
    take: (name) =>
      inStore(root, async () => {
        const path = pathOf(name);
        const lock = await tryLock(path);
        if (!lock) return undefined;
        let held = true;
        return {
          async release() {
            if (!held) return;
            held = false;
            // First the file, while it is ours: whoever takes the name next makes another.
            await rm(path, { force: true });
            lock.release();
          },
        };
      }),
    isTaken: (name) =>
      inStore(root, async () => {
        const path = pathOf(name);
        if (!(await exists(path))) return false;
        const lock = await trySeveralTimes(path);
        if (!lock) return true;
        // Its holder is gone without having said so.
        await rm(path, { force: true });
        lock.release();
        return false;
      }),
  };
}

/** Another one that asks has the lock too, for a moment. */
async function trySeveralTimes(path: string): ReturnType<typeof tryLock> {
  for (let attempt = 1; ; attempt++) {
    const lock = await tryLock(path);
    if (lock || attempt === 3) return lock;
    await pause(10 * Math.random());
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}
