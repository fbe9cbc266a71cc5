import { IDBFactory } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import type { Change, WorkbenchState } from '../port.ts';
import { type Bench, openBench, type Surroundings } from './bench.ts';

const open: Bench[] = [];
let count = 0;
afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.close()));
});

const notThere = async (): Promise<Response> => new Response('', { status: 404 });

/** A browser that has everything, with no machine on the site: what can be told without one. */
function browser(): Surroundings {
  return {
    name: `bench ${count++}`,
    fetch: notThere,
    kept: undefined,
    databases: new IDBFactory(),
    locks: navigator.locks,
    wasm: true,
    channel: (name) => new BroadcastChannel(name),
  };
}

function tab(surroundings: Surroundings) {
  const states: WorkbenchState[] = [];
  const changes: Change[] = [];
  const bench = openBench({
    ...surroundings,
    urls: { machine: 'https://site.example/machine/', pantry: '/pantry/', wasm: '/v86.wasm' },
    onState: (state) => states.push(state),
    onChange: (change) => changes.push(change),
    onMachine: () => undefined,
  });
  open.push(bench);
  return { bench, states, changes };
}

describe('a browser that cannot', () => {
  it.each([
    ['wasm', { wasm: false }],
    ['locks', { locks: undefined }],
    ['storage', { databases: undefined }],
    ['storage', { databases: { open: refused } }],
  ] as const)('says that it has no %s', async (missing, less) => {
    const { bench, states } = tab({ ...browser(), ...less });
    await expect(bench.start()).rejects.toMatchObject({ code: 'impossible' });
    expect(states.at(-1)).toEqual({ kind: 'impossible', missing });
  });

  function refused(): never {
    throw new DOMException('no storage in this window', 'SecurityError');
  }
});

describe('a start that fails', () => {
  it('says that the site has no machine, and may be tried again', async () => {
    const { bench, states } = tab(browser());
    for (let time = 0; time < 2; time++) {
      await expect(bench.start()).rejects.toMatchObject({ code: 'machine-missing' });
      expect(states.at(-1)).toMatchObject({ kind: 'failed', error: { code: 'machine-missing' } });
    }
    expect(states[0]).toMatchObject({ kind: 'starting', stage: 'code' });
  });

  it('says that the server does not answer', async () => {
    const fetch = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));
    const { bench, states } = tab({ ...browser(), fetch });
    await expect(bench.start()).rejects.toMatchObject({ code: 'source-unreachable' });
    expect(states.at(-1)).toMatchObject({ kind: 'failed' });
  });

  it('keeps nobody from the files', async () => {
    const { bench } = tab(browser());
    await bench.start().catch(() => undefined);
    await bench.openLab('livre');
    const { files } = await bench.desk();
    await files.write('mine', 'text');
    expect(await files.read('mine')).toMatchObject({ text: 'text' });
    await expect(bench.room()).rejects.toMatchObject({ code: 'not-running' });
  });
});

describe('two tabs', () => {
  it('have one workbench, with the same files', async () => {
    const shared = browser();
    const [first, second] = [tab(shared), tab(shared)];
    await first.bench.openLab('livre');
    await (await first.bench.desk()).files.write('mine', 'text');
    await expect(second.bench.openLab('livre')).rejects.toMatchObject({ code: 'elsewhere' });
    expect(second.states.at(-1)).toEqual({ kind: 'elsewhere' });

    // There is no machine to start; the place is taken all the same.
    await expect(second.bench.takeOver()).rejects.toMatchObject({ code: 'machine-missing' });
    expect(first.states.at(-1)).toEqual({ kind: 'elsewhere' });
    const { files } = await second.bench.desk();
    await second.bench.openLab('livre');
    expect(await files.read('mine')).toMatchObject({ text: 'text' });
    await expect(first.bench.desk()).rejects.toMatchObject({ code: 'elsewhere' });
  });

  it('give way when the other is closed', async () => {
    const shared = browser();
    const [first, second] = [tab(shared), tab(shared)];
    await first.bench.openLab('livre');
    await expect(second.bench.desk()).rejects.toMatchObject({ code: 'elsewhere' });
    await first.bench.close();
    await second.bench.openLab('livre');
    expect(second.states.at(-1)).toEqual({ kind: 'off' });
  });

  it('share what was done', async () => {
    const shared = browser();
    const [first, second] = [tab(shared), tab(shared)];
    await first.bench.openLab('livre');
    await (await second.bench.progress()).note({ lesson: 'history' });
    const progress = await (await first.bench.progress()).read();
    expect(progress).toMatchObject({ lessons: ['history'], labs: { livre: { state: 'started' } } });
  });
});
