import { vi } from 'vitest';
import { readLogs } from '../engine/containers/logs.ts';
import { findContainer } from '../engine/containers/registry.ts';
import { liveContainers } from '../engine/containers/running.ts';
import { stopAllContainers } from '../engine/containers/shutdown.ts';
import type { Store } from '../engine/store/port.ts';
import { type ContainerEngine, containerEngine } from './container-engine.ts';

/** For a test file: engines that end with each test, and what their tests ask again and again. */
export interface TestContainers {
  readonly open: (store?: Store) => Promise<ContainerEngine>;
  /** Kills and ends everything. */
  readonly close: () => Promise<void>;
}

export function testContainers(): TestContainers {
  const engines: ContainerEngine[] = [];
  return {
    async open(store) {
      const made = await containerEngine(store);
      engines.push(made);
      return made;
    },
    async close() {
      for (const { engine, docker } of engines.splice(0)) {
        for (const { id } of liveContainers(engine)) await docker(`rm -f ${id}`);
        await stopAllContainers(engine);
      }
    },
  };
}

/** Waits until it is so, for seconds at most. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  await vi.waitFor(async () => {
    if (!(await condition())) throw new Error('not yet');
  }, 5000);
}

/** All that a container has printed, both streams. */
export async function logOf({ engine }: ContainerEngine, name: string): Promise<string> {
  let text = '';
  for await (const { log } of readLogs(engine, await findContainer(engine, name))) text += log;
  return text;
}
