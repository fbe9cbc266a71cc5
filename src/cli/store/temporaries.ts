import { rmSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../engine/errors.ts';
import { type Held, tryLock, withLock } from './file-lock.ts';
import { errnoOf } from './fs-errors.ts';

/** Names for files that are being written, in a folder of this process alone. */
export interface Temporaries {
  /** A path where no file is yet. */
  next(): Promise<string>;
}

/**
 * `tmp/<id>/` belongs to the process that holds the lock `tmp/<id>.lock`. Folders are made and swept
 * under one more lock, so that nobody sweeps a folder whose owner is about to lock it.
 */
export function temporaries(tmp: string, guard: string, id: string): Temporaries {
  const dir = join(tmp, id);
  let made: Promise<Held> | undefined;
  let count = 0;
  const make = async (): Promise<Held> => {
    const held = await withLock(guard, async () => {
      await mkdir(dir, { recursive: true });
      return tryLock(`${dir}.lock`);
    });
    if (!held) throw new Error(`two stores share the temporary folder ${dir}`);
    removeAtExit(dir);
    return held;
  };
  return {
    async next() {
      made ??= make();
      try {
        await made;
      } catch (error) {
        made = undefined;
        throw error;
      }
      return join(dir, String(count++));
    },
  };
}

/** Removes what processes left behind that are no more. What cannot be removed stays: it only takes space. */
export async function sweepTemporaries(tmp: string, guard: string): Promise<void> {
  try {
    if ((await readdir(tmp)).length === 0) return;
    await withLock(guard, async () => {
      const ids = new Set((await readdir(tmp)).map((name) => name.replace(/\.lock$/, '')));
      for (const id of ids) await sweepOne(join(tmp, id));
    });
  } catch (error) {
    if (!(error instanceof EngineError) && errnoOf(error) === undefined) throw error;
  }
}

async function sweepOne(dir: string): Promise<void> {
  const held = await tryLock(`${dir}.lock`);
  if (!held) return;
  try {
    await rm(dir, { recursive: true, force: true });
    await rm(`${dir}.lock`, { force: true });
  } finally {
    held.release();
  }
}

const atExit = new Set<string>();

function removeAtExit(dir: string): void {
  if (atExit.size === 0) process.once('exit', removeAll);
  atExit.add(dir);
}

function removeAll(): void {
  for (const dir of atExit) {
    try {
      rmSync(dir, { recursive: true, force: true });
      rmSync(`${dir}.lock`, { force: true });
    } catch {
      // The next process that opens the store sweeps it.
    }
  }
}
