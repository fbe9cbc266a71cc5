import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, utf8 } from '../../engine/bytes.ts';
import { fakeAgent } from '../../testing/agent.ts';
import type { GuestProcess, SpawnIo, SpawnSpec } from './port.ts';
import { frameType, PROTOCOL_VERSION, reader, u32, u8, WINDOW } from './protocol.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const silent: SpawnIo = { output: () => undefined };
const program: SpawnSpec = { argv: ['/bin/x'], env: [], cwd: '/' };

/** A process that has started; the frames of its start are not in `sent` any more. */
async function started(io: SpawnIo = silent, spec: SpawnSpec = program) {
  const fake = fakeAgent();
  const starting = fake.agent.spawn(spec, io);
  const [frame] = fake.sent(frameType.spawn);
  const id = frame?.id ?? 0;
  fake.say(frameType.started, id, u32(42));
  const process = await starting;
  return { ...fake, id, process, body: frame?.body ?? new Uint8Array() };
}

describe('requests', () => {
  test('set-up tells the time and whether there is a workspace', async () => {
    const { agent, frames, say } = fakeAgent();
    const done = agent.setUp({ now: 1700000000000, workspace: true });
    expect(frames.map(({ type, body }) => [type, ...body])).toEqual([
      [frameType.setUp, 0, 0x68, 0xe5, 0xcf, 0x8b, 1, 0, 0, 1],
    ]);
    say(frameType.done, frames[0]?.id ?? 0);
    await expect(done).resolves.toBeUndefined();
    void agent.setUp({ now: 0 });
    expect([...(frames[1]?.body ?? [])]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('what went wrong is the error', async () => {
    const { agent, frames, say } = fakeAgent();
    const done = agent.setUp({ now: 0 });
    say(frameType.done, frames[0]?.id ?? 0, utf8('mount 9P: EIO'));
    await expect(done).rejects.toThrow('mount 9P: EIO');
  });

  test('answers find their request in any order', async () => {
    const { agent, frames, say } = fakeAgent();
    const first = agent.sync();
    const second = agent.kill(-7, 9);
    expect([...(frames[1]?.body ?? [])]).toEqual([249, 255, 255, 255, 9]);
    say(frameType.done, frames[1]?.id ?? 0, utf8('ESRCH'));
    await expect(second).rejects.toThrow('ESRCH');
    say(frameType.done, frames[0]?.id ?? 0);
    await expect(first).resolves.toBeUndefined();
  });

  test('a machine that booted says so, by the version of the protocol', async () => {
    const right = fakeAgent();
    right.say(frameType.ready, 0, u32(PROTOCOL_VERSION));
    await expect(right.agent.ready).resolves.toBeUndefined();
    const wrong = fakeAgent();
    wrong.say(frameType.ready, 0, u32(1));
    await expect(wrong.agent.ready).rejects.toThrow('the agent speaks version 1');
  });

  test('queries of resolvers are answered to who asked, when they have an answer', () => {
    const { agent, say, sent } = fakeAgent();
    const asker = Uint8Array.of(127, 0, 0, 1, 0x12, 0x34);
    say(frameType.query, 3, asker, utf8('too early'));
    agent.onQuery((namespace, query) =>
      text(query) === 'known' ? utf8(`answer in ${namespace}`) : undefined,
    );
    say(frameType.query, 3, asker, utf8('unknown'));
    say(frameType.query, 3, asker, utf8('known'));
    expect(sent(frameType.answer).map(({ id, body }) => [id, [...body]])).toEqual([
      [3, [...asker, ...utf8('answer in 3')]],
    ]);
  });

  test('networks are joined and left by the names and numbers that the guest is given', async () => {
    const { agent, frames, say } = fakeAgent();
    const joining = agent.join(7, [
      {
        ...{ bridge: 'br-123456789abc', device: 'veth0000001', name: 'eth0' },
        ...{ address: Uint8Array.of(172, 18, 0, 2), gateway: Uint8Array.of(172, 18, 0, 1) },
        ...{ prefix: 16, mac: Uint8Array.of(2, 0x42, 172, 18, 0, 2), isDefault: true },
      },
    ]);
    const [join] = frames;
    const body = join?.body ?? new Uint8Array();
    expect(text(body.subarray(4, 52)).replaceAll(/\0+/g, ' ')).toBe(
      'br-123456789abc veth0000001 eth0 ',
    );
    expect([...body.subarray(0, 4), ...body.subarray(52)]).toEqual([
      ...[7, 0, 0, 0],
      ...[172, 18, 0, 2, 172, 18, 0, 1, 16, 1, 2, 0x42, 172, 18, 0, 2],
    ]);
    say(frameType.done, join?.id ?? 0, utf8('veth: EEXIST'));
    await expect(joining).rejects.toThrow('veth: EEXIST');

    const gateway = Uint8Array.of(10, 0, 0, 1);
    void agent.leave(7, { devices: ['veth0000001'], gateway });
    void agent.leave(7, { devices: [], close: true });
    expect(frames.slice(1).map(({ body }) => [...body.subarray(0, 9), body.length])).toEqual([
      [7, 0, 0, 0, 10, 0, 0, 1, 0, 25],
      [7, 0, 0, 0, 0, 0, 0, 0, 1, 9],
    ]);
  });

  test.each(['', 'longer-than-15-bytes', 'a\0b'])('%j is no name of a device', async (name) => {
    const { agent, frames } = fakeAgent();
    await expect(agent.leave(1, { devices: [name] })).rejects.toThrow(RangeError);
    expect(frames).toEqual([]);
  });

  test('a place is listened at until it is released', async () => {
    const { agent, frames, say } = fakeAgent();
    const at = { address: Uint8Array.of(0, 0, 0, 0), port: 8080 };
    const to = { address: Uint8Array.of(172, 17, 0, 2), port: 80 };
    const starting = agent.listen(at, to);
    expect([...(frames[0]?.body ?? [])]).toEqual([0, 0, 0, 0, 0x90, 0x1f, 172, 17, 0, 2, 80, 0]);
    const id = frames[0]?.id ?? 0;
    say(frameType.done, id);
    const releasing = (await starting).release();
    expect([frames[1]?.type, [...(frames[1]?.body ?? [])]]).toEqual([
      frameType.release,
      [...u32(id)],
    ]);
    say(frameType.done, frames[1]?.id ?? 0);
    await releasing;
    const taken = agent.listen(at, to);
    say(frameType.done, frames[2]?.id ?? 0, utf8('listen: EADDRINUSE'));
    await expect(taken).rejects.toThrow('listen: EADDRINUSE');
  });
});

describe('a process', () => {
  test.each<[string, SpawnSpec, boolean, readonly number[], string]>([
    ['plain', program, false, [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], '/\0/bin/x\0'],
    [
      'with all there is',
      { argv: ['a', '', 'ü'], env: ['A=1', 'B='], cwd: '/root', extraOutputs: 2 },
      true,
      [4, 2, 0, 0, 0, 0, 3, 0, 2, 0, 0, 0],
      '/root\0a\0\0ü\0A=1\0B=\0',
    ],
    [
      'with a terminal',
      { ...program, terminal: { columns: 132, rows: 43 } },
      true,
      [5, 0, 132, 0, 43, 0, 1, 0, 0, 0, 0, 0],
      '/\0/bin/x\0',
    ],
    [
      'with a terminal that comes later',
      { ...program, consoleSocket: { columns: 80, rows: 24 } },
      false,
      [2, 0, 80, 0, 24, 0, 1, 0, 0, 0, 0, 0],
      '/\0/bin/x\0',
    ],
  ])('%s is asked for', async (_, spec, stdin, head, strings) => {
    const nothing = async function* (): AsyncGenerator<Uint8Array> {
      yield* [];
    };
    const io = stdin ? { ...silent, stdin: nothing() } : silent;
    const { body } = await started(io, spec);
    expect([...body.subarray(0, 12)]).toEqual([...head]);
    expect(text(body.subarray(12))).toBe(strings);
  });

  test('a zero byte in an argument is refused, and nothing is sent', async () => {
    const { agent, frames } = fakeAgent();
    const spec = { ...program, argv: ['a\0b'] };
    await expect(agent.spawn(spec, silent)).rejects.toThrow(RangeError);
    expect(frames).toEqual([]);
  });

  test('that could not be executed has the kernel’s error', async () => {
    const { agent, frames, say } = fakeAgent();
    const starting = agent.spawn(program, silent);
    say(frameType.failed, frames[0]?.id ?? 0, utf8('exec: ENOENT'));
    await expect(starting).rejects.toThrow('exec: ENOENT');
  });

  test('exits after all its output was taken, each stream in order', async () => {
    const seen: string[] = [];
    const take = Promise.withResolvers<undefined>();
    const { process, say, id } = await started({
      async output(stream, bytes) {
        if (stream === 1) await take.promise;
        seen.push(`${stream} ${text(bytes)}`);
      },
    });
    expect(process.pid).toBe(42);
    say(frameType.data, id, u8(1), utf8('a'));
    say(frameType.data, id, u8(1), utf8('b'));
    say(frameType.data, id, u8(2), utf8('error'));
    say(frameType.data, id, u8(3), utf8('extra'));
    say(frameType.exit, id, u32(3));
    let ended = false;
    void process.exit.then(() => (ended = true));
    await soon();
    expect([seen, ended]).toEqual([['2 error', '3 extra'], false]);
    take.resolve(undefined);
    await expect(process.exit).resolves.toBe(3);
    expect(seen).toEqual(['2 error', '3 extra', '1 a', '1 b']);
  });

  test('may write more only as what it wrote is taken', async () => {
    let takes: (() => void)[] = [];
    const { say, id, sent } = await started({
      output: () => new Promise<void>((resolve) => takes.push(resolve)),
    });
    const piece = new Uint8Array(16384);
    for (let i = 0; i < 4; i++) say(frameType.data, id, u8(1), piece);
    await soon();
    expect([takes.length, sent(frameType.credit)]).toEqual([1, []]);
    for (let i = 0; i < 4; i++) {
      for (const take of takes) take();
      takes = [];
      await soon();
    }
    const credits = sent(frameType.credit).map(({ body }) => [...body]);
    expect(credits).toEqual([0, 1, 2, 3].map(() => [1, 0, 64, 0, 0]));
  });

  test('whose output cannot be taken runs on, and its exit rejects', async () => {
    let calls = 0;
    const { process, say, id, sent } = await started({
      output() {
        calls++;
        throw new Error('disk full');
      },
    });
    say(frameType.data, id, u8(1), new Uint8Array(16384));
    say(frameType.data, id, u8(1), new Uint8Array(16384));
    await soon();
    expect([calls, sent(frameType.credit).length]).toEqual([1, 2]);
    say(frameType.exit, id, u32(0));
    await expect(process.exit).rejects.toThrow('disk full');
  });

  test('is resized and sent signals until it has ended', async () => {
    const { process, say, id, sent } = await started();
    process.resize(132, 43);
    process.kill(15);
    say(frameType.exit, id, u32(0));
    process.resize(80, 24);
    process.kill(9);
    expect(sent(frameType.resize).map(({ body }) => [...body])).toEqual([[132, 0, 43, 0]]);
    expect(sent(frameType.signal).map(({ body }) => [...body])).toEqual([[15]]);
    await process.exit;
  });

  test('frames that crossed with its end are ignored', async () => {
    const seen: number[] = [];
    const { say, id, process, frames } = await started({ output: (n) => void seen.push(n) });
    say(frameType.exit, id, u32(0));
    const before = frames.length;
    say(frameType.data, id, u8(1), utf8('late'));
    say(frameType.credit, id, u8(0), u32(1));
    await process.exit;
    expect([seen, frames.length]).toEqual([[], before]);
  });
});

describe('input', () => {
  function source(chunks: number, size: number) {
    const state = { pulled: 0, returned: false };
    const stdin: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          Promise.resolve(
            state.pulled < chunks
              ? { done: false, value: new Uint8Array(size).fill(++state.pulled) }
              : { done: true, value: undefined },
          ),
        return: () => {
          state.returned = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    return { state, stdin };
  }
  const received = (frames: readonly { readonly body: Uint8Array }[]): number =>
    frames.reduce((sum, { body }) => sum + body.length - 1, 0);

  test('is read no further than the process takes it', async () => {
    const { state, stdin } = source(1000, 10000);
    const { sent, say, id } = await started({ ...silent, stdin });
    await soon();
    expect([received(sent(frameType.data)), state.pulled]).toEqual([WINDOW, 7]);
    say(frameType.credit, id, u8(0), u32(20000));
    await soon();
    expect([received(sent(frameType.data)), state.pulled]).toEqual([WINDOW + 20000, 9]);
  });

  test('ends once', async () => {
    const { stdin } = source(2, 3);
    const { frames, id } = await started({ ...silent, stdin });
    await soon();
    const after = frames.slice(1).map(({ type, id: of, body }) => [type, of, ...body]);
    expect(after).toEqual([
      [frameType.data, id, 0, 1, 1, 1],
      [frameType.data, id, 0, 2, 2, 2],
      [frameType.end, id, 0],
    ]);
  });

  test.each<[string, number]>([
    ['that nobody reads any more', frameType.end],
    ['of a process that ended', frameType.exit],
  ])('%s is released', async (_, type) => {
    const { state, stdin } = source(1000, 10000);
    const { sent, say, id } = await started({ ...silent, stdin });
    await soon();
    say(type, id, u32(0));
    say(frameType.credit, id, u8(0), u32(WINDOW));
    await soon();
    expect([received(sent(frameType.data)), state.returned]).toEqual([WINDOW, true]);
    expect(sent(frameType.end)).toEqual([]);
  });

  test('that fails ends, and the exit rejects with its error', async () => {
    // eslint-disable-next-line require-yield -- fails at once
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      throw new Error('terminal gone');
    };
    const { process, sent, say, id } = await started({ ...silent, stdin: broken() });
    await soon();
    expect(sent(frameType.end)).toHaveLength(1);
    say(frameType.exit, id, u32(0));
    await expect(process.exit).rejects.toThrow('terminal gone');
  });
});

test('when the machine stops everything rejects with one error', async () => {
  const { agent, say, id, process } = await started();
  const starting = agent.spawn(program, silent);
  const syncing = agent.sync();
  agent.closed('the kernel panicked');
  const error = { code: 'machine-stopped', message: 'the machine stopped: the kernel panicked' };
  await expect(process.exit).rejects.toMatchObject(error);
  await expect(starting).rejects.toMatchObject(error);
  await expect(syncing).rejects.toMatchObject(error);
  await expect(agent.ready).rejects.toMatchObject(error);
  await expect(agent.spawn(program, silent)).rejects.toMatchObject(error);
  await expect(agent.setUp({ now: 0 })).rejects.toMatchObject(error);
  agent.closed('again');
  await expect(agent.sync()).rejects.toMatchObject(error);
  say(frameType.exit, id, u32(0));
  process.kill(9);
});

test('many processes at once get what is theirs, wherever the bytes are cut', async () => {
  const input = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40000 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(input, { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 20000 }), { minLength: 1, maxLength: 5 }),
      async (inputs, lengths) => {
        let turn = 0;
        const fake = fakeAgent((bytes) => {
          const pieces = [];
          for (let at = 0; at < bytes.length;) {
            const length = lengths[turn++ % lengths.length] ?? 1;
            pieces.push(bytes.subarray(at, at + length));
            at += length;
          }
          return pieces;
        });
        likeCat(fake);
        const results = inputs.map(async (chunks) => {
          const output: Uint8Array[] = [];
          const stdin = (async function* () {
            yield* chunks;
          })();
          const process: GuestProcess = await fake.agent.spawn(program, {
            stdin,
            output: async (_, bytes) => {
              await Promise.resolve();
              output.push(bytes);
            },
          });
          return { code: await process.exit, output: concat(output) };
        });
        for (const [index, result] of (await Promise.all(results)).entries()) {
          expect(result.code).toBe(0);
          expect(result.output).toEqual(concat(inputs[index] ?? []));
        }
      },
    ),
    { numRuns: 40 },
  );
});

/** Every process writes what it reads; credit is kept to as the real agent does, and checked. */
function likeCat({ say, onFrame }: ReturnType<typeof fakeAgent>): void {
  const processes = new Map<number, { room: number; held: Uint8Array[]; ended: boolean }>();
  const flush = (id: number): void => {
    const process = processes.get(id);
    if (!process) return;
    for (let [piece] = process.held; piece && process.room > 0; [piece] = process.held) {
      const length = Math.min(piece.length, process.room, 16384);
      process.room -= length;
      if (length === piece.length) process.held.shift();
      else process.held[0] = piece.subarray(length);
      say(frameType.data, id, u8(1), piece.subarray(0, length));
      say(frameType.credit, id, u8(0), u32(length));
    }
    if (!process.ended || process.held.length > 0) return;
    processes.delete(id);
    say(frameType.exit, id, u32(0));
  };
  onFrame(({ type, id, body }) => {
    const process = processes.get(id);
    if (type === frameType.spawn) {
      processes.set(id, { room: WINDOW, held: [], ended: false });
      say(frameType.started, id, u32(id));
      return;
    }
    if (!process) return;
    const read = reader(body);
    if (type === frameType.credit) {
      read.u8();
      process.room += read.u32();
      expect(process.room).toBeLessThanOrEqual(WINDOW);
    } else if (type === frameType.end) {
      process.ended = true;
    } else if (type === frameType.data) {
      read.u8();
      process.held.push(read.rest());
      const held = process.held.reduce((sum, { length }) => sum + length, 0);
      expect(held).toBeLessThanOrEqual(WINDOW);
    }
    flush(id);
  });
}
