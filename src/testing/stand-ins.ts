import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { loadStandIns } from '../cli/pantry-load.ts';
import { progressLine } from '../cli/progress-line.ts';
import { isRunning } from '../pantry/is-running.ts';
import { pantryHome } from '../pantry/pantry-home.ts';

const CACHE = join(import.meta.dirname, '../../.cache');

/**
 * Has the real Docker's stand-ins under upstream's names, those with pip with their wheels; builds them
 * first where they are not, which takes minutes. Several test files want them at the same time, so one after the other.
 */
export async function standInsLoaded(images: readonly string[] = []): Promise<void> {
  const quiet = { write: () => undefined };
  await oneAtATime('stand-ins', () =>
    loadStandIns(
      { images, asUpstream: true, choice: 'auto', architecture: undefined },
      {
        cacheDir: CACHE,
        layout: pantryHome(CACHE).layout,
        env: { ...process.env, DOCKER_HOST: process.env['SEMDISTRO_TEST_DOCKER'] },
      },
      { output: { stdout: quiet, stderr: quiet }, line: progressLine(quiet, true) },
    ),
  );
}

/** Over all processes: a file says whose turn it is, and does not count when that process is gone. */
export async function oneAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const folder = join(CACHE, 'test');
  await mkdir(folder, { recursive: true });
  const lock = join(folder, `${name}.lock`);
  for (;;) {
    const file = await open(lock, 'wx').catch(() => undefined);
    if (file) {
      await file.writeFile(String(process.pid));
      await file.close();
      break;
    }
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (owner > 0 && !isRunning(owner)) await rm(lock, { force: true });
    else await setTimeout(100);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}
