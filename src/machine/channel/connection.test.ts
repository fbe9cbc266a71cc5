import { describe, expect, test } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import { fakeAgent } from '../../testing/agent.ts';
import { CREDIT_STEP, frameType, MAX_CHUNK, u32, u8, WINDOW } from './protocol.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const PLACE = { address: Uint8Array.of(127, 0, 0, 1), port: 80 };

/** A connection that is there; the frames of its beginning are among `frames`. */
async function connected() {
  const fake = fakeAgent();
  const connecting = fake.agent.connect(PLACE);
  const id = fake.sent(frameType.connect)[0]?.id ?? 0;
  fake.say(frameType.started, id, u32(0));
  const connection = await connecting;
  return {
    ...{ ...fake, id, connection },
    said: (): string =>
      fake
        .sent(frameType.data)
        .map(({ body }) => text(body.subarray(1)))
        .join(''),
    credits: (): readonly number[] =>
      fake
        .sent(frameType.credit)
        .map(({ body }) => new DataView(body.buffer, body.byteOffset).getUint32(1, true)),
  };
}

async function all(readable: AsyncIterable<Uint8Array>): Promise<string> {
  let read = '';
  for await (const bytes of readable) read += text(bytes);
  return read;
}

describe('a connection', () => {
  test('that nobody takes has the kernel’s error', async () => {
    const { agent, sent, say } = fakeAgent();
    const connecting = agent.connect(PLACE);
    const [frame] = sent(frameType.connect);
    expect([...(frame?.body ?? [])]).toEqual([127, 0, 0, 1, 80, 0]);
    say(frameType.failed, frame?.id ?? 0, utf8('connect: ECONNREFUSED'));
    await expect(connecting).rejects.toThrow('connect: ECONNREFUSED');
  });

  test('carries bytes both ways, each to its own end', async () => {
    const { connection, id, say, said, sent } = await connected();
    await connection.write(utf8('question'));
    connection.end();
    expect([said(), sent(frameType.end).map(({ body }) => [...body])]).toEqual(['question', [[0]]]);
    const answer = all(connection.readable);
    say(frameType.data, id, u8(1), utf8('ans'));
    say(frameType.data, id, u8(1), utf8('wer'));
    say(frameType.end, id, u8(1));
    await expect(answer).resolves.toBe('answer');
    say(frameType.exit, id, u32(0));
    // What crossed with the end is for nobody.
    say(frameType.credit, id, u8(0), u32(5));
  });

  test('takes as much as the guest has room for', async () => {
    const { connection, id, say, said, sent } = await connected();
    let written = false;
    void connection.write(new Uint8Array(WINDOW + 10)).then(() => (written = true));
    connection.end();
    await soon();
    expect([said().length, written, sent(frameType.end)]).toEqual([WINDOW, false, []]);
    expect(sent(frameType.data).every(({ body }) => body.length <= MAX_CHUNK + 1)).toBe(true);
    say(frameType.credit, id, u8(0), u32(4));
    await soon();
    expect([said().length, written]).toEqual([WINDOW + 4, false]);
    say(frameType.credit, id, u8(0), u32(100));
    await soon();
    expect([said().length, written, sent(frameType.end).length]).toEqual([WINDOW + 10, true, 1]);
  });

  test('lets the guest send more as what it sent is read, and not before', async () => {
    const { connection, id, say, credits } = await connected();
    const reader = connection.readable[Symbol.asyncIterator]();
    for (let sent = 0; sent < WINDOW; sent += MAX_CHUNK) {
      say(frameType.data, id, u8(1), new Uint8Array(MAX_CHUNK));
    }
    await soon();
    expect(credits()).toEqual([]);
    await reader.next();
    expect(credits()).toEqual([CREDIT_STEP]);
  });

  test('that is lost fails for its reader, after what came', async () => {
    const { connection, id, say } = await connected();
    const reader = connection.readable[Symbol.asyncIterator]();
    say(frameType.data, id, u8(1), utf8('half'));
    say(frameType.exit, id, u32(104));
    expect(await reader.next()).toEqual({ done: false, value: utf8('half') });
    await expect(reader.next()).rejects.toThrow('the connection was lost: error 104');
    // Whoever still writes is not left waiting.
    await connection.write(new Uint8Array(2 * WINDOW));
  });

  test('is dropped when it is closed, whatever waits', async () => {
    const { connection, sent } = await connected();
    const writing = connection.write(new Uint8Array(2 * WINDOW));
    const reading = all(connection.readable);
    connection.close();
    connection.close();
    await writing;
    await expect(reading).resolves.toBe('');
    expect(sent(frameType.signal)).toHaveLength(1);
  });

  test('ends with the machine', async () => {
    const { agent, connection } = await connected();
    const reading = all(connection.readable);
    agent.closed('crash');
    await expect(reading).rejects.toThrow('the machine stopped: crash');
    await expect(agent.connect(PLACE)).rejects.toThrow('the machine stopped: crash');
  });
});
