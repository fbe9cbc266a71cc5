import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one test file, any user may look into it; remove it when done. */
export function testFolder(name: string): {
  readonly root: string;
  /** Makes a new empty folder in it. */
  readonly fresh: () => string;
} {
  const root = mkdtempSync(join(tmpdir(), `semdistro-${name}-`));
  chmodSync(root, 0o755);
  let count = 0;
  return {
    root,
    fresh: () => {
      const dir = join(root, String(count++));
      mkdirSync(dir);
      return dir;
    },
  };
}

/** Runs an action as a user whom file modes stop, which they do not stop root. */
export async function asNobody<T>(action: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return action();
  process.seteuid?.(65534);
  try {
    return await action();
  } finally {
    process.seteuid?.(0);
  }
}

/** A file system of 1 MB mounted on a folder, or undefined, with the reason printed, where that is not allowed. */
export function smallDisk(dir: string): { unmount(): void } | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir], { stdio: 'pipe' });
  } catch {
    console.log('left out: a full disk, since this user may not mount a small one');
    return undefined;
  }
  return {
    unmount() {
      execFileSync('umount', ['-l', dir]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
