import { describe, expect, test } from 'vitest';
import { concat, utf8 } from '../../engine/bytes.ts';
import { fakeAgent } from '../../testing/agent.ts';
import type { GuestCommand } from './port.ts';
import { COMMAND_BIT, frameType, reader, u16, u32, u8, WINDOW } from './protocol.ts';

const ID = COMMAND_BIT + 1;
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const HEAD = [u8(5), u8(1), u16(120, 40), u16(2), u32(2)] as const;
const STRINGS = utf8('/workspace/app\0run\0a b\0TERM=xterm\0DOCKER_X=a=b\0');

/** A command that was typed; `handler` runs for it. */
function typed(handler: (command: GuestCommand) => Promise<number>) {
  const fake = fakeAgent();
  fake.agent.onCommand(handler);
  fake.say(frameType.command, ID, ...HEAD, STRINGS);
  const exits = (): readonly number[] =>
    fake.sent(frameType.exit).map(({ body }) => reader(body).i32());
  return { ...fake, exits };
}

test('a command has arguments, directory, variables, terminals and a size', async () => {
  let seen: unknown;
  const { exits } = typed((command) => {
    const { args, cwd, env, terminals, size } = command;
    seen = { args, cwd, env, terminals, size };
    return Promise.resolve(125);
  });
  await soon();
  expect(seen).toEqual({
    args: ['run', 'a b'],
    cwd: '/workspace/app',
    env: { TERM: 'xterm', DOCKER_X: 'a=b' },
    terminals: [true, false, true],
    size: { columns: 120, rows: 40 },
  });
  expect(exits()).toEqual([125]);
});

test('without an engine it says so', async () => {
  const { say, sent } = fakeAgent();
  say(frameType.command, ID, u8(0), u8(0), u16(0, 0, 0), u32(0), utf8('/\0'));
  await soon();
  expect(sent(frameType.data).map(({ body }) => [body[0], text(body.subarray(1))])).toEqual([
    [2, 'docker: there is no engine behind this machine\n'],
  ]);
  say(frameType.credit, ID, u8(2), u32(47));
  await soon();
  expect(sent(frameType.exit).map(({ body }) => [...body])).toEqual([[1, 0, 0, 0]]);
});

test('a handler that throws ends it with 1 and what it threw', async () => {
  const { sent, exits } = typed(() => Promise.reject(new Error('a bug')));
  await soon();
  expect(text(concat(sent(frameType.data).map(({ body }) => body.subarray(1))))).toBe(
    'docker: Error: a bug\n',
  );
  expect(exits()).toEqual([1]);
});

describe('output', () => {
  test('is written when the reader has taken it', async () => {
    const written: string[] = [];
    const { say, sent } = typed(async (command) => {
      const first = command.write(1, utf8('hello')).then(() => written.push('hello'));
      const second = command.write(2, utf8('oops')).then(() => written.push('oops'));
      await Promise.all([first, second]);
      return 0;
    });
    await soon();
    expect(sent(frameType.data).map(({ body }) => [body[0], text(body.subarray(1))])).toEqual([
      [1, 'hello'],
      [2, 'oops'],
    ]);
    say(frameType.credit, ID, u8(1), u32(4));
    await soon();
    expect(written).toEqual([]);
    say(frameType.credit, ID, u8(2), u32(4));
    await soon();
    expect(written).toEqual(['oops']);
    say(frameType.credit, ID, u8(1), u32(1));
    await soon();
    expect(written).toEqual(['oops', 'hello']);
  });

  test('is a window ahead of the reader at most', async () => {
    const { say, sent } = typed(async (command) => {
      await command.write(1, new Uint8Array(WINDOW + 10));
      return 0;
    });
    const length = (): number =>
      sent(frameType.data).reduce((sum, { body }) => sum + body.length - 1, 0);
    await soon();
    expect(length()).toBe(WINDOW);
    say(frameType.credit, ID, u8(1), u32(4));
    await soon();
    expect(length()).toBe(WINDOW + 4);
    say(frameType.credit, ID, u8(1), u32(WINDOW));
    await soon();
    expect([length(), sent(frameType.exit).length]).toEqual([WINDOW + 10, 0]);
    say(frameType.credit, ID, u8(1), u32(6));
    await soon();
    expect(sent(frameType.exit)).toHaveLength(1);
  });
});

describe('input', () => {
  test('is asked for only when somebody waits for it, one read at a time', async () => {
    const { say, sent, exits } = typed(async (command) => {
      const lines: string[] = [];
      for await (const bytes of command.stdin) {
        lines.push(text(bytes));
        if (lines.length === 2) break;
      }
      void command.write(1, utf8(lines.join()));
      return 0;
    });
    const asked = (): number => sent(frameType.credit).length;
    await soon();
    expect(sent(frameType.credit).map(({ body }) => [...body])).toEqual([[0, 0, 0, 1, 0]]);
    say(frameType.data, ID, u8(0), utf8('one'));
    await soon();
    expect(asked()).toBe(2);
    say(frameType.data, ID, u8(0), utf8('two'));
    await soon();
    expect([asked(), exits()]).toEqual([2, [0]]);
  });

  test('of a command that does not read is left to the next', async () => {
    const { sent, exits } = typed(() => Promise.resolve(0));
    await soon();
    expect([sent(frameType.credit), exits()]).toEqual([[], [0]]);
  });

  test('ends', async () => {
    const { say, exits } = typed(async (command) => {
      let length = 0;
      for await (const bytes of command.stdin) length += bytes.length;
      return length;
    });
    await soon();
    say(frameType.data, ID, u8(0), utf8('abc'));
    await soon();
    say(frameType.end, ID, u8(0));
    await soon();
    expect(exits()).toEqual([3]);
  });
});

test('terminal modes, sizes and signals pass', async () => {
  const seen: unknown[] = [];
  const { say, sent } = typed(async (command) => {
    command.onResize((columns, rows) => seen.push([columns, rows]));
    const signal = new Promise<number>((resolve) => {
      command.onSignal(resolve);
    });
    await command.setRaw(true);
    const code = 128 + (await signal);
    await command.setRaw(false);
    return code;
  });
  say(frameType.resize, ID, u16(90, 20));
  say(frameType.signal, ID, u8(2));
  await soon();
  expect(seen).toEqual([[90, 20]]);
  expect(sent(frameType.raw).map(({ body }) => [...body])).toEqual([[1], [0]]);
  expect(sent(frameType.exit).map(({ body }) => [...body])).toEqual([[130, 0, 0, 0]]);
});

test.each<[string, (fake: ReturnType<typeof typed>) => void, string]>([
  [
    'a client that was killed',
    ({ say }) => {
      say(frameType.gone, ID);
    },
    'the docker client in the machine has ended',
  ],
  [
    'a machine that stopped',
    ({ agent }) => {
      agent.closed('crash');
    },
    'the machine stopped: crash',
  ],
])('%s aborts the command, and nothing of it waits', async (_, end, reason) => {
  const done: string[] = [];
  const fake = typed(async (command) => {
    await command.write(1, utf8('never taken'));
    done.push('written');
    for await (const bytes of command.stdin) done.push(text(bytes));
    done.push('read');
    await command.write(1, utf8('for nobody'));
    const error: unknown = command.closed.reason;
    done.push(error instanceof Error ? error.message : '');
    return 0;
  });
  end(fake);
  await soon();
  expect(done).toEqual(['written', 'read', reason]);
  expect(fake.exits()).toEqual([]);
  expect(fake.sent(frameType.data)).toHaveLength(1);
});
