import { afterEach, describe, expect, it } from 'vitest';
import { openWorkbench } from './client.ts';
import { WorkbenchFailure } from './failure.ts';
import type { Change, WorkbenchState } from './port.ts';
import type { Calls, Notice } from './wire/calls.ts';
import { type Handlers, serve } from './wire/call.ts';

const urls = { machine: '/machine/', pantry: '/pantry/', wasm: '/v86.wasm' };
const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A worker that answers some calls, as far as its page can tell; `fail` is an error event of it. */
function fakeWorker(handlers: Partial<Handlers<Calls>>) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const errors = new Set<(event: { readonly message: string }) => void>();
  const given = { connect: async () => undefined, ...handlers };
  const notify = serve<Calls>(port2, given as Handlers<Calls>); // what a test does not call is not there
  const worker = {
    postMessage: (data: unknown, transfer: Transferable[]) => {
      port1.postMessage(data, transfer);
    },
    addEventListener(type: string, listener: EventListener) {
      if (type === 'message') port1.addEventListener('message', listener);
      if (type === 'error') errors.add(listener as never); // of an ErrorEvent, of which one field is read
    },
    terminate() {
      port1.close();
    },
  };
  port1.start();
  port2.start();
  return {
    worker: worker as unknown as Worker, // the part of one that is used
    tell: (notice: Notice) => {
      notify(notice);
    },
    fail(message: string) {
      for (const listener of errors) listener({ message });
    },
  };
}

function page(...workers: readonly ReturnType<typeof fakeWorker>[]) {
  let made = 0;
  const workbench = openWorkbench({
    ...{ urls, lang: 'en' },
    worker: () => {
      const next = workers[made++];
      if (!next) throw new Error('one worker too many');
      return next.worker;
    },
  });
  const states: WorkbenchState[] = [];
  const changes: Change[] = [];
  workbench.onState((state) => states.push(state));
  workbench.onChange((change) => changes.push(change));
  return { workbench, states, changes, made: () => made };
}

describe('the workbench, of a page', () => {
  it('makes its worker when it is first asked for something', async () => {
    const connected: unknown[] = [];
    const fake = fakeWorker({
      connect: async (_, given) => void connected.push(given),
      readProgress: async () => ({ lessons: [], labs: {}, answers: [] }),
    });
    const { workbench, made } = page(fake);
    expect([workbench.state, made()]).toEqual([{ kind: 'off' }, 0]);
    await workbench.progress.read();
    await workbench.progress.read();
    expect([made(), connected]).toEqual([1, [urls]]);
  });

  it('says that it starts before the worker is there, and then what the worker says', async () => {
    const fake = fakeWorker({
      async start() {
        fake.tell({ kind: 'state', state: { kind: 'running', seconds: 1 } });
        fake.tell({ kind: 'change', change: { kind: 'images' } });
      },
    });
    const { workbench, states, changes } = page(fake);
    await workbench.start();
    expect(states.map(({ kind }) => kind)).toEqual(['starting', 'running']);
    expect(workbench.state).toEqual({ kind: 'running', seconds: 1 });
    expect(changes).toEqual([{ kind: 'images' }]);
  });

  it('passes on how a check goes, and what it rejects with', async () => {
    const title = { 'pt-BR': 'a', en: 'a' };
    const result = { id: 'a', title, status: 'pass', seconds: 0 } as const;
    const fake = fakeWorker({
      async check({ tell }, only) {
        if (only) throw new WorkbenchFailure('no-lab', 'no lab was opened');
        tell({ kind: 'start', id: 'a' });
        tell({ kind: 'result', result });
        return { status: 'pass', seconds: 0, checks: [result] };
      },
    });
    const { workbench } = page(fake);
    const told: unknown[] = [];
    const report = await workbench.check({
      onStart: (id) => told.push(id),
      onResult: (one) => told.push(one),
    });
    expect([told, report.status]).toEqual([['a', result], 'pass']);
    await expect(workbench.check({ only: ['a'] })).rejects.toMatchObject({ code: 'no-lab' });
  });

  it('has failed when the worker does not load; the next call makes another', async () => {
    const silent = fakeWorker({ connect: () => new Promise(() => undefined) });
    const next = fakeWorker({ start: async () => undefined });
    const { workbench, made } = page(silent, next);
    const start = expect(workbench.start()).rejects.toMatchObject({ code: 'worker-crashed' });
    silent.fail('');
    await start;
    expect(workbench.state).toMatchObject({ kind: 'failed', error: { code: 'worker-crashed' } });
    await workbench.start();
    expect(made()).toBe(2);
  });

  it('goes on after a bug in the worker, and tells of it', async () => {
    const fake = fakeWorker({ listFiles: async () => [] });
    const { workbench, changes } = page(fake);
    await workbench.files.list();
    fake.fail('x is undefined');
    expect(changes).toEqual([
      { kind: 'trouble', error: { code: 'bug', message: 'x is undefined' } },
    ]);
    expect(await workbench.files.list()).toEqual([]);
  });

  it('is off when it was closed', async () => {
    const fake = fakeWorker({ listFiles: async () => [], close: async () => undefined });
    const { workbench } = page(fake);
    await workbench.close();
    await workbench.files.list();
    await workbench.close();
    expect(workbench.state).toEqual({ kind: 'off' });
  });
});
