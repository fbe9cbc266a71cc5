import { afterEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/errors.ts';
import { type Caller, caller, type Handlers, serve } from './call.ts';

interface Math {
  add(a: number, b: number): Promise<number>;
  count(to: number): Promise<string>;
  fail(code: string): Promise<void>;
  wait(): Promise<void>;
}

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

const handlers: Handlers<Math> = {
  add: async (_, a, b) => a + b,
  async count(call, to) {
    for (let i = 1; i <= to; i++) call.tell(i);
    return 'done';
  },
  async fail(_, code) {
    if (code === 'bug') throw new TypeError('x is undefined');
    throw new EngineError(code, 'it failed', { hint: 'Do something else.' });
  },
  wait: ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new EngineError('interrupted', 'it was interrupted'));
      });
    }),
};

function connect(onNotice: (notice: unknown) => void = () => undefined): {
  readonly math: Caller<Math>;
  readonly notify: (notice: unknown) => void;
} {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const notify = serve<Math>(port2, handlers);
  const math = caller<Math>(port1, onNotice);
  port1.start();
  port2.start();
  return { math, notify };
}

describe('calls between page and worker', () => {
  it('come back with their own result, in whatever order', async () => {
    const { math } = connect();
    const sums = [1, 2, 3].map((n) => math.call('add', [n, 1]));
    expect(await Promise.all(sums)).toEqual([2, 3, 4]);
  });

  it('bring events on the way, all before the result', async () => {
    const { math } = connect();
    const seen: unknown[] = [];
    const onEvent = (event: unknown): void => void seen.push(event);
    expect(await math.call('count', [3], { onEvent })).toBe('done');
    expect(seen).toEqual([1, 2, 3]);
  });

  it('fail with code, message and hint', async () => {
    const { math } = connect();
    await expect(math.call('fail', ['store-full'])).rejects.toMatchObject({
      ...{ code: 'store-full', message: 'it failed', hint: 'Do something else.' },
    });
  });

  it('fail as a bug for what nobody expected, saying where', async () => {
    const { math } = connect();
    await expect(math.call('fail', ['bug'])).rejects.toMatchObject({
      code: 'bug',
      message: expect.stringContaining('x is undefined') as string,
    });
  });

  it('pass an abort on, also one from before', async () => {
    const { math } = connect();
    const control = new AbortController();
    const waits = expect(math.call('wait', [], { signal: control.signal })).rejects.toMatchObject({
      code: 'interrupted',
    });
    control.abort();
    await waits;
    await expect(math.call('wait', [], { signal: control.signal })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });

  it('reject when the other side is gone, now and later', async () => {
    const { math } = connect();
    const waiting = expect(math.call('wait', [])).rejects.toMatchObject({ code: 'worker-crashed' });
    math.lost({ code: 'worker-crashed', message: 'the worker ended' });
    await waiting;
    await expect(math.call('add', [1, 1])).rejects.toMatchObject({ code: 'worker-crashed' });
  });

  it('are not needed to tell something', async () => {
    const told = Promise.withResolvers<unknown>();
    const { notify } = connect(told.resolve);
    notify({ kind: 'change' });
    expect(await told.promise).toEqual({ kind: 'change' });
  });
});
