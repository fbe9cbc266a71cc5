import { describe, expect, it } from 'vitest';
import { scriptedEngine } from '../testing/verify-engine.ts';
import type { LiveContainer, LiveEvent } from './live.ts';
import { remembering } from './remembering.ts';

const container = (id: string, status: LiveContainer['state']['status']): LiveContainer => ({
  ...{ id, name: id, image: 'sha256:0', imageName: 'busybox', created: 0, config: {} },
  state: {
    ...{ status, running: status === 'running', exitCode: 0, restartCount: 0 },
    ...{ startedAt: undefined, finishedAt: undefined },
  },
  ...{ networks: [], ports: [], mounts: [], networkMode: 'none', pidMode: '' },
  ...{ capAdd: [], privileged: false, readOnly: false },
});

/** An engine in which a test lets things happen. */
function world() {
  const there = new Map<string, LiveContainer>();
  const past: LiveEvent[] = [];
  const followers = new Set<(event: LiveEvent) => void>();
  const endings: (() => void)[] = [];
  const ears = new Map<string, (text: string, stream: 'stdout' | 'stderr') => void>();
  const engine = scriptedEngine({
    live: {
      containers: async () => [...there.values()],
      container: async (id) => there.get(id),
      events: async (since) => past.filter(({ time }) => time >= since),
      follow(listener) {
        followers.add(listener);
        return () => followers.delete(listener);
      },
      listen(id, listener) {
        ears.set(id, listener);
        const over = Promise.withResolvers<undefined>();
        const stop = (): void => {
          ears.delete(id);
          over.resolve(undefined);
        };
        endings.push(stop);
        return { ended: over.promise, stop };
      },
      logs: () => Promise.reject(new Error('gone')),
    },
  });
  return {
    ...{ engine, there, followers, ears },
    happens: (action: string, id: string, attributes: LiveEvent['attributes'] = {}): void => {
      const event: LiveEvent = { type: 'container', action, id, attributes, time: past.length + 1 };
      past.push(event);
      for (const follower of followers) follower(event);
      // There is no more to come of it.
      if (action === 'die') for (const end of endings) end();
    },
  };
}

describe('an engine with a memory', () => {
  it('still has a container that is gone, how it ended, and what it printed', async () => {
    const { engine, there, ears, happens } = world();
    const memory = await remembering(engine);
    there.set('short', container('short', 'created'));
    happens('create', 'short');
    ears.get('short')?.('the code\n', 'stdout');
    happens('start', 'short');
    happens('die', 'short', { exitCode: '3' });
    await memory.settled();
    there.delete('short');
    happens('destroy', 'short');
    await memory.settled();
    const live = memory.live();
    expect(await live.containers()).toMatchObject([
      { id: 'short', state: { status: 'exited', running: false, exitCode: 3 } },
    ]);
    expect(await live.container('short')).toMatchObject({ name: 'short' });
    expect(await live.logs('short')).toMatchObject({ stdout: 'the code\n' });
    expect((await live.events(0)).map(({ action }) => action)).toEqual([
      ...['create', 'start', 'die', 'destroy'],
    ]);
    memory.forget();
  });

  it('says of one that is there what the engine says', async () => {
    const { engine, there, happens } = world();
    there.set('app', container('app', 'running'));
    const memory = await remembering(engine);
    expect(await memory.live().containers()).toEqual([there.get('app')]);
    there.set('app', { ...container('app', 'exited'), name: 'renamed' });
    happens('rename', 'app');
    expect(await memory.live().containers()).toEqual([there.get('app')]);
    await expect(memory.live().logs('app')).resolves.toEqual({ stdout: '', stderr: '' });
    await expect(memory.live().logs('nobody')).rejects.toThrow('gone');
    memory.forget();
  });

  it('tells when something happened, until nobody wants to know', async () => {
    const { engine, there, happens, followers, ears } = world();
    there.set('app', container('app', 'running'));
    const memory = await remembering(engine);
    let told = 0;
    const stop = memory.onHappened(() => told++);
    ears.get('app')?.('hello', 'stdout');
    expect(told).toBe(1);
    happens('exec_create: sh', 'app');
    await memory.settled();
    expect(told).toBe(2);
    stop();
    happens('exec_create: sh', 'app');
    await memory.settled();
    expect(told).toBe(2);
    memory.forget();
    expect([followers.size, ears.size]).toEqual([0, 0]);
  });
});
