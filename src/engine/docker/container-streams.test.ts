import { afterEach, describe, expect, test } from 'vitest';
import { file } from '../../testing/entries.ts';
import { addTestImage } from '../../testing/images.ts';
import { logOf, testContainers, until } from '../../testing/test-containers.ts';
import { type ByteStream, once, utf8 } from '../bytes.ts';
import { findContainer } from '../containers/registry.ts';

const { open, close } = testContainers();
afterEach(close);

describe('streams', () => {
  test('-i passes the input on, and its end', async () => {
    const one = await open();
    const stdin = once(utf8('typed\n'));
    expect((await one.docker('run --rm -i box cat', { stdin })).text).toBe('typed\n');
  });

  test('without -i there is no input', async () => {
    const one = await open();
    const stdin = once(utf8('typed\n'));
    expect((await one.docker('run --rm box cat', { stdin })).text).toBe('');
  });

  test('-t joins both streams, and the terminal’s size reaches the process', async () => {
    const one = await open();
    let resized = (): void => undefined;
    let size = { columns: 100, rows: 30 };
    const raw: boolean[] = [];
    const terminal = {
      size: () => size,
      onResize: (listener: () => void) => {
        resized = listener;
        return () => undefined;
      },
      setRaw: (on: boolean) => void raw.push(on),
    };
    const running = one.docker(
      "run --rm -it --name app box sh -c 'echo a; echo b >&2; sleep 100'",
      {
        stdin: forever(),
        session: { terminal, stdinIsTerminal: true },
      },
    );
    await until(() => one.sizes.length === 1);
    size = { columns: 132, rows: 43 };
    resized();
    await until(() => one.sizes.length === 2);
    await one.docker('kill app');
    const { text, code } = await running;
    expect([text, code]).toEqual(['a\r\nb\r\n', 137]);
    expect(one.started[0]?.process.terminal).toEqual({ columns: 100, rows: 30 });
    expect(one.sizes).toEqual([
      [100, 30],
      [132, 43],
    ]);
    expect(raw).toEqual([true, false]);
  });

  test('ctrl-p ctrl-q detaches and the container goes on; attach says so', async () => {
    const one = await open();
    const terminal = { size: () => ({ columns: 80, rows: 24 }), onResize: () => () => undefined };
    const session = { terminal: { ...terminal, setRaw: () => undefined }, stdinIsTerminal: true };
    const keys = (): AsyncIterable<Uint8Array> => once(Uint8Array.of(0x61, 0x10, 0x11));
    const run = await one.docker('run -it --name app box sleep 100', { stdin: keys(), session });
    expect([run.code, run.stderr]).toEqual([0, '']);
    const attach = await one.docker('attach app', { stdin: keys(), session });
    expect([attach.code, attach.stderr]).toEqual([1, 'read escape sequence\n']);
    expect((await findContainer(one.engine, 'app')).state.status).toBe('running');
  });

  test('signals sent to the command reach the process', async () => {
    const one = await open();
    let send: (signal: number) => void = () => undefined;
    const signals = {
      listen: (listener: (signal: number) => void) => {
        send = listener;
        return () => undefined;
      },
    };
    const running = one.docker(
      `run --rm --name app box sh -c 'trap "exit 7" INT; echo up; sleep 100 & wait'`,
      { session: { signals } },
    );
    await until(async () => (await logOf(one, 'app').catch(() => '')) === 'up\n');
    send(2);
    expect((await running).code).toBe(7);
  });

  test('who is interrupted without passing signals on leaves the container running', async () => {
    const one = await open();
    const interrupt = new AbortController();
    const running = one.docker('run --sig-proxy=false --name app box sleep 100', {
      session: { signal: interrupt.signal },
    });
    await until(async () => (await one.docker('ps -q')).text !== '');
    interrupt.abort();
    expect((await running).code).toBe(130);
    expect((await findContainer(one.engine, 'app')).state.status).toBe('running');
  });
});

describe('health', () => {
  test.each([
    ['exit 0', 'healthy', 0],
    ['echo bad; exit 1', 'unhealthy', 1],
  ])('%s is %s', async (command, status, exitCode) => {
    const one = await open();
    const flags = `--health-interval 20ms --health-retries 2 --health-cmd '${command}'`;
    await one.docker(`run -d --name app ${flags} box sleep 100`);
    await until(
      async () => (await findContainer(one.engine, 'app')).state.health?.status === status,
    );
    const health = (await findContainer(one.engine, 'app')).state.health;
    expect(health?.log.at(-1)).toMatchObject({ exitCode });
  });

  test('the shell form without a shell is unhealthy, and the log says why', async () => {
    const one = await open();
    const image = 'run -d --name app --health-interval 20ms --health-retries 1 --health-cmd x';
    const { engine } = one;
    await addTestImage(engine, 'bare', {
      rows: [{ by: 'bare', entries: [file('sleep', 'sleep', { mode: 0o755 })] }],
    });
    await one.docker(`${image} bare /sleep 100`);
    await until(
      async () => (await findContainer(engine, 'app')).state.health?.status === 'unhealthy',
    );
    const log = (await findContainer(engine, 'app')).state.health?.log;
    expect(log?.[0]).toMatchObject({
      exitCode: -1,
      output:
        'OCI runtime exec failed: exec failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown',
    });
  });

  test('within the start period failures do not count', async () => {
    const one = await open();
    const flags =
      '--health-start-period 1h --health-start-interval 10ms --health-retries 1 --health-cmd false';
    await one.docker(`run -d --name app ${flags} box sleep 100`);
    const health = async () => (await findContainer(one.engine, 'app')).state.health;
    await until(async () => ((await health())?.log.length ?? 0) >= 3);
    expect(await health()).toMatchObject({ status: 'starting', failingStreak: 0 });
  });

  test('a check that takes too long is killed', async () => {
    const one = await open();
    const flags = `--health-interval 10ms --health-timeout 30ms --health-retries 1 --health-cmd 'sleep 9'`;
    await one.docker(`run -d --name app ${flags} box sleep 100`);
    const health = async () => (await findContainer(one.engine, 'app')).state.health;
    await until(async () => (await health())?.status === 'unhealthy');
    expect((await health())?.log[0]).toMatchObject({
      exitCode: -1,
      output: 'Health check exceeded timeout (30ms)',
    });
  });
});

/** Standard input that nobody types at. */
function forever(): ByteStream {
  return { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
}
