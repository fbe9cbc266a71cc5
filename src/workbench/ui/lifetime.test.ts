import { describe, expect, it } from 'vitest';
import type { WorkbenchState } from '../port.ts';
import { lifetime } from './lifetime.ts';

const running: WorkbenchState = { kind: 'running', seconds: 0.8 };

/** A workbench that goes where the test says, and what its page does about it. */
function desk(prepare: () => Promise<void> = () => Promise.resolve()) {
  const listeners = new Set<(state: WorkbenchState) => void>();
  const log: string[] = [];
  const workbench = {
    state: { kind: 'off' } as WorkbenchState,
    onState(listener: (state: WorkbenchState) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => Promise.resolve(),
    takeOver: () => Promise.resolve(),
  };
  const life = lifetime(workbench, {
    prepare: () => {
      log.push('prepare');
      return prepare();
    },
    gone: () => log.push('gone'),
    show: (state) => log.push(state.kind),
  });
  const become = async (state: WorkbenchState): Promise<void> => {
    workbench.state = state;
    for (const listener of listeners) listener(state);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { workbench, life, log, become };
}

describe('the life of a workbench', () => {
  it('is ready when the machine runs and its panels are open, not before', async () => {
    const { life, log, become } = desk();
    await become(running);
    expect(log).toEqual(['off', 'starting', 'prepare', 'running']);
    expect(life.ready).toBe(true);
  });

  it('loses its panels when the machine stops, and opens them again when it runs', async () => {
    const { log, become } = desk();
    await become(running);
    log.length = 0;
    await become({ kind: 'elsewhere' });
    await become(running);
    expect(log).toEqual(['gone', 'elsewhere', 'starting', 'prepare', 'running']);
  });

  it('shows what failed while the panels were opened, and tries that again', async () => {
    let fails = true;
    const { life, log, become } = desk(() =>
      fails ? Promise.reject(new Error('no lab')) : Promise.resolve(),
    );
    await become(running);
    expect(log.at(-1)).toBe('failed');
    fails = false;
    await life.retry();
    expect([log.at(-1), life.ready]).toEqual(['running', true]);
  });

  it('is not ready when the machine ended while the panels were opened', async () => {
    const opened = Promise.withResolvers<unknown>();
    const { life, become } = desk(async () => {
      await opened.promise;
    });
    await become(running);
    await become({ kind: 'elsewhere' });
    opened.resolve(undefined);
    await become({ kind: 'elsewhere' });
    expect(life.ready).toBe(false);
  });

  it('shows a start that was refused before it began', async () => {
    const { workbench, life, log } = desk();
    workbench.start = () => Promise.reject(new Error('no worker'));
    await life.retry();
    expect(log.at(-1)).toBe('failed');
  });
});
