import { afterEach, describe, expect, it } from 'vitest';
import { collect, utf8 } from '../engine/bytes.ts';
import { PreviewFailure } from './problem.ts';
import type { PreviewAnswer } from './session.ts';
import { type Port, receiveAnswer, sendAnswer } from './wire.ts';

const ports: Port[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function pair(): readonly [Port, Port] {
  const { port1, port2 } = new MessageChannel();
  const both = [port1 as unknown as Port, port2 as unknown as Port] as const;
  ports.push(...both);
  return both;
}

function answer(
  body: AsyncIterable<Uint8Array>,
  close: () => void = () => undefined,
): PreviewAnswer {
  return {
    ...{ status: 200, reason: 'OK', headers: [['a', 'b']], url: 'http://localhost:80/' },
    ...{ redirected: false, body, close },
  };
}

async function* pieces(count: number, bytes: number, gone?: { sent: number }) {
  for (let i = 0; i < count; i++) {
    if (gone) gone.sent += 1;
    yield new Uint8Array(bytes).fill(i);
  }
}

describe('an answer between two sides', () => {
  it('arrives with head and body', async () => {
    const [here, there] = pair();
    const sent = sendAnswer(there, () => Promise.resolve(answer(pieces(3, 2))));
    const { status, headers, body } = await receiveAnswer(here);
    expect({ status, headers }).toEqual({ status: 200, headers: [['a', 'b']] });
    expect([...(await collect(body))]).toEqual([0, 0, 1, 1, 2, 2]);
    await sent;
  });

  it('fails with its problem, before the head or in the body', async () => {
    const [here, there] = pair();
    const failing = (): Promise<never> => Promise.reject(new PreviewFailure('refused', 'nobody'));
    await Promise.all([
      sendAnswer(there, failing),
      expect(receiveAnswer(here)).rejects.toMatchObject({ problem: 'refused' }),
    ]);
    const [one, other] = pair();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield utf8('a');
      throw new PreviewFailure('cut-off', 'half');
    }
    const sent = sendAnswer(other, () => Promise.resolve(answer(broken())));
    const { body } = await receiveAnswer(one);
    await expect(collect(body)).rejects.toMatchObject({ problem: 'cut-off' });
    await sent;
  });

  it('waits for who reads it', async () => {
    const [here, there] = pair();
    const gone = { sent: 0 };
    const sent = sendAnswer(there, () => Promise.resolve(answer(pieces(100, 100_000, gone))));
    const { body } = await receiveAnswer(here);
    const iterator = body[Symbol.asyncIterator]();
    await iterator.next();
    expect(gone.sent).toBeLessThan(20);
    let read = 1;
    while ((await iterator.next()).done !== true) read += 1;
    expect(read).toBe(100);
    await sent;
  });

  it('ends at its source when nobody reads on', async () => {
    const [here, there] = pair();
    let closed = false;
    const body = pieces(1000, 100_000);
    const sent = sendAnswer(there, () => Promise.resolve(answer(body, () => (closed = true))));
    const reading = (await receiveAnswer(here)).body[Symbol.asyncIterator]();
    await reading.next();
    await reading.return?.();
    await sent;
    expect(closed).toBe(true);
  });

  it('ends at its source when it is given up before it began', async () => {
    const [here, there] = pair();
    const control = new AbortController();
    const sent = sendAnswer(
      there,
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
        }),
    );
    const received = receiveAnswer(here, control.signal);
    control.abort();
    await expect(received).rejects.toMatchObject({ problem: 'cut-off' });
    await sent;
  });

  it('fails when the other side goes', async () => {
    const [here, there] = pair();
    const received = receiveAnswer(here);
    there.close();
    await expect(received).rejects.toMatchObject({ problem: 'cut-off' });
  });
});
