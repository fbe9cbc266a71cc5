import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { openFolderStore } from '../../cli/folder-store.ts';
import { nodePlatform } from '../../cli/node-platform.ts';
import { type ContainerEngine, containerEngine } from '../../testing/container-engine.ts';
import { findContainer, listContainers } from '../containers/registry.ts';
import { stopAllContainers } from '../containers/shutdown.ts';

const root = await mkdtemp(join(tmpdir(), 'semdistro-containers-'));
const program = fileURLToPath(new URL('../../testing/container-process.ts', import.meta.url));
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

/** Starts a process that runs the lines; resolves when all of them were reported done. */
async function worker(folder: string, lines: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, folder, ...lines], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const said: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    said.push(line);
    if (said.length === lines.length) break;
  }
  expect(said).toEqual(lines.map(() => 'done'));
  return child;
}

async function open(folder: string): Promise<ContainerEngine> {
  return containerEngine(await openFolderStore(folder, nodePlatform()));
}

describe('a process that runs containers and is killed', () => {
  test('leaves them as ended with 137, with what was saved, and without what --rm takes', async () => {
    const folder = join(root, 'killed');
    const child = await worker(folder, [
      'create --name kept -l a=b box',
      "run -d --name app box sh -c 'echo up; write /kept text; sleep 1000'",
      'run -d --rm --name brief box sleep 1000',
      'create --name old box',
      'rename old new',
    ]);
    const { engine, docker } = await open(folder);
    // Stored within seconds, and seen to run by another process.
    await vi.waitFor(
      async () => {
        const app = await findContainer(engine, 'app');
        expect(app.state.status).toBe('running');
        expect(app.changes).toBeDefined();
      },
      { timeout: 15_000, interval: 100 },
    );
    expect((await docker('start brief')).code).toBe(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const all = await listContainers(engine);
    expect(all.map(({ name, state }) => [name, state.status, state.exitCode])).toEqual([
      ['new', 'created', 0],
      ['app', 'exited', 137],
      ['kept', 'created', 0],
    ]);
    expect((await docker('logs app')).text).toBe('up\n');
    expect((await docker('cp app:/kept -')).text).toContain('text\n');
    expect((await docker('start app')).code).toBe(0);
    expect((await findContainer(engine, 'app')).state.status).toBe('running');
    await docker('rm -f app');
    expect(await stopAllContainers(engine)).toEqual([]);
    // Nobody holds anything any more, not even the dead.
    expect(await readdir(join(folder, 'holds'))).toEqual([]);
  }, 60_000);

  test('at any moment leaves a list that can be read, and nothing half', async () => {
    const folder = join(root, 'any-moment');
    const lines = Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0
        ? `run --name c${index} box sh -c 'echo x; write /f x'`
        : `run --rm -v /own box true`,
    );
    for (const count of [1, 3, 6]) {
      const busy = spawn(process.execPath, [program, folder, ...lines], { stdio: 'ignore' });
      children.push(busy);
      const { engine, docker } = await open(folder);
      await vi.waitFor(
        async () => {
          expect((await listContainers(engine)).length).toBeGreaterThanOrEqual(count);
        },
        { timeout: 30_000, interval: 10 * count },
      );
      busy.kill('SIGKILL');
      await once(busy, 'exit');
      for (const { id, state } of await listContainers(engine)) {
        expect(['created', 'exited']).toContain(state.status);
        expect((await docker(`logs ${id}`)).code).toBe(0);
        expect((await docker(`diff ${id}`)).code).toBe(0);
        expect((await docker(`rm -v ${id}`)).code).toBe(0);
      }
      await stopAllContainers(engine);
    }
  }, 120_000);
});
