import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type ContainerEngine,
  containerEngine,
  mortalStore,
} from '../../testing/container-engine.ts';
import { file } from '../../testing/entries.ts';
import { addTestImage } from '../../testing/images.ts';
import { type ByteStream, once, utf8 } from '../bytes.ts';
import { stopAllContainers } from '../containers/shutdown.ts';
import { liveContainers } from '../containers/running.ts';
import { findContainer, listContainers } from '../containers/registry.ts';
import { readLogs } from '../containers/logs.ts';
import { listVolumes } from '../containers/volumes.ts';
import { onEvent, type EngineEvent } from '../containers/events.ts';
import { RUN_FLAGS } from './container-flags.ts';
import { REFUSED_FLAGS } from './refused-flags.ts';

const engines: ContainerEngine[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const { engine, docker } of engines.splice(0)) {
    for (const { id } of liveContainers(engine)) await docker(`rm -f ${id}`);
    await stopAllContainers(engine);
  }
});

async function open(store = mortalStore().store): Promise<ContainerEngine> {
  const made = await containerEngine(store);
  engines.push(made);
  return made;
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  await vi.waitFor(async () => {
    if (!(await condition())) throw new Error('not yet');
  }, 5000);
}

async function logOf({ engine }: ContainerEngine, name: string): Promise<string> {
  let text = '';
  for await (const { log } of readLogs(engine, await findContainer(engine, name))) text += log;
  return text;
}

describe('what was reported done', () => {
  test('a created container is there for another engine, under its name', async () => {
    const { store } = mortalStore();
    const one = await open(store);
    const { text } = await one.docker('create --name app -l a=b box sleep 100');
    const other = await open(store);
    const found = await findContainer(other.engine, 'app');
    expect(found).toMatchObject({ id: text.trim(), state: { status: 'created' } });
    expect(found.config).toMatchObject({ Labels: { a: 'b' }, Cmd: ['sleep', '100'] });
  });

  test('a rename and a removal are too', async () => {
    const { store } = mortalStore();
    const one = await open(store);
    await one.docker('create --name app box');
    await one.docker('rename app web');
    const other = await open(store);
    expect((await listContainers(other.engine)).map(({ name }) => name)).toEqual(['web']);
    await one.docker('rm web');
    expect(await listContainers(other.engine)).toEqual([]);
  });

  test('changes and output of a container that ended are there for its next start', async () => {
    const { store } = mortalStore();
    const one = await open(store);
    await one.docker("run --name app box sh -c 'echo one; write /kept text'");
    const other = await open(store);
    expect(await logOf(other, 'app')).toBe('one\n');
    await other.docker('start -a app');
    expect(await logOf(other, 'app')).toBe('one\none\n');
    expect((await other.docker('cp app:/kept -')).text).toContain('text\n');
  });

  test('of a running container they are stored every few seconds', async () => {
    const { store, killHolders } = mortalStore();
    const one = await open(store);
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await one.docker("run -d --name app box sh -c 'echo one; write /kept text; sleep 100'");
    await vi.advanceTimersByTimeAsync(3000);
    vi.useRealTimers();
    await until(async () => (await findContainer(one.engine, 'app')).changes !== undefined);
    // The process is killed: nobody says goodbye.
    killHolders();
    const other = await containerEngine(store);
    engines.push(other);
    const found = await findContainer(other.engine, 'app');
    expect(found.state).toMatchObject({ status: 'exited', exitCode: 137, pid: 0 });
    expect(await logOf(other, 'app')).toBe('one\n');
    expect((await other.docker('cp app:/kept -')).text).toContain('text\n');
    expect((await other.docker('start app')).code).toBe(0);
    expect((await findContainer(other.engine, 'app')).state.status).toBe('running');
  });

  test('a container of --rm whose engine was killed is gone, with its own volumes only', async () => {
    const { store, killHolders } = mortalStore();
    const one = await open(store);
    await one.docker('run -d --rm --name app -v /own -v named:/named box sleep 100');
    await until(async () => (await findContainer(one.engine, 'app')).state.status === 'running');
    expect(await listVolumes(one.engine)).toHaveLength(2);
    killHolders();
    const other = await open(store);
    expect(await listContainers(other.engine)).toEqual([]);
    expect((await listVolumes(other.engine)).map(({ name }) => name)).toEqual(['named']);
  });

  test('one that was never started stays created when its engine is killed', async () => {
    const { store, killHolders } = mortalStore();
    const one = await open(store);
    await one.docker('create --name app box');
    killHolders();
    const other = await open(store);
    expect((await findContainer(other.engine, 'app')).state.status).toBe('created');
  });

  test('at the end of the engine everything is stopped and stored', async () => {
    const { store } = mortalStore();
    const one = await open(store);
    await one.docker(
      `run -d --name app box sh -c 'trap "exit 9" TERM; echo up; write /kept text; sleep 100 & wait'`,
    );
    expect(await stopAllContainers(one.engine)).toEqual([]);
    const other = await open(store);
    const { state, changes } = await findContainer(other.engine, 'app');
    expect(state).toMatchObject({ status: 'exited', exitCode: 9 });
    expect(changes).toBeDefined();
    expect(await logOf(other, 'app')).toBe('up\n');
  });
});

describe('two engines over one store', () => {
  test('see each other’s containers run, and leave them alone', async () => {
    const { store } = mortalStore();
    const one = await open(store);
    await one.docker('run -d --name app box sleep 100');
    const other = await open(store);
    await until(async () => (await findContainer(other.engine, 'app')).state.status === 'running');
    for (const command of ['start', 'stop', 'kill', 'pause', 'rm -f', 'restart']) {
      const { code, stderr } = await other.docker(`${command} app`);
      expect([command, code]).toEqual([command, 1]);
      expect(stderr).toMatch(/another semdistro process runs it|is not running/);
    }
    expect((await findContainer(one.engine, 'app')).state.status).toBe('running');
    expect((await one.docker('exec app echo still')).text).toBe('still\n');
  });

  test('give a name once, however many ask for it at the same time', async () => {
    const { store } = mortalStore();
    const both = [await open(store), await open(store)];
    const codes = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { code } =
          (await (both[index % 2] ?? both[0])?.docker('create --name app box')) ?? {};
        return code;
      }),
    );
    expect(codes.filter((code) => code === 0)).toHaveLength(1);
    expect(codes.filter((code) => code === 1)).toHaveLength(19);
  });
});

describe('names', () => {
  test('are made of an adjective and somebody’s name', async () => {
    const one = await open();
    for (let count = 0; count < 3; count++) await one.docker('create box');
    const names = (await listContainers(one.engine)).map(({ name }) => name);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^[a-z]+_[a-z]+\d?$/);
  });

  test('IDs, their beginnings and names with a slash mean the container', async () => {
    const one = await open();
    const id = (await one.docker('create --name app box')).text.trim();
    for (const name of [id, id.slice(0, 12), id.slice(0, 3), 'app', '/app']) {
      expect((await findContainer(one.engine, name)).id).toBe(id);
    }
    await expect(findContainer(one.engine, 'ap')).rejects.toMatchObject({
      code: 'container-unknown',
      message: 'No such container: ap',
    });
  });
});

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

test('a restart policy starts it again and again, and stop ends that', async () => {
  const one = await open();
  await one.docker("run -d --name app --restart always box sh -c 'exit 3'");
  const state = async () => (await findContainer(one.engine, 'app')).state;
  await until(async () => (await state()).restartCount >= 2);
  await one.docker('stop app');
  expect(await state()).toMatchObject({ status: 'exited', exitCode: 3 });
});

test('a program that is there and cannot begin has told so in its own output', async () => {
  const one = await open();
  const { code, stderr, text } = await one.docker('run --name app box /script');
  expect({ code, stderr, text }).toEqual({
    ...{ code: 1, text: '' },
    stderr: 'exec /script: no such file or directory\n',
  });
  expect(await logOf(one, 'app')).toBe('exec /script: no such file or directory\n');
});

describe('volumes', () => {
  test('of the image’s directory are filled from it, once', async () => {
    const one = await open();
    expect((await one.docker('run --rm -v named:/data box cat /data/seed')).text).toBe(
      'from the image\n',
    );
    const [volume] = await listVolumes(one.engine);
    expect(volume).toMatchObject({ name: 'named', anonymous: false });
    expect((await one.docker('run --rm -v named:/else box cat /else/seed')).text).toBe(
      'from the image\n',
    );
    expect((await one.docker('run --rm -v plain:/data:nocopy box cat /data/seed')).code).toBe(1);
  });

  test('anonymous ones go with rm -v, named ones stay', async () => {
    const one = await open();
    await one.docker('create --name app -v /own -v named:/x box');
    await one.docker('create --name app2 -v /own box');
    expect(await listVolumes(one.engine)).toHaveLength(3);
    await one.docker('rm app2');
    expect(await listVolumes(one.engine)).toHaveLength(3);
    await one.docker('rm -v app');
    expect(await listVolumes(one.engine)).toHaveLength(2);
  });
});

test('events tell a container’s life', async () => {
  const one = await open();
  const told: EngineEvent[] = [];
  onEvent(one.engine, (event) => told.push(event));
  await one.docker('run --rm --name app -l a=b box true');
  const actions = told.filter(({ type }) => type === 'container').map(({ action }) => action);
  expect(actions).toEqual(['create', 'start', 'die', 'destroy']);
  expect(told[0]?.attributes).toEqual({ a: 'b', image: 'box', name: 'app' });
  expect(told.find(({ action }) => action === 'die')?.attributes).toMatchObject({ exitCode: '0' });
});

describe('a flag of Docker’s that means nothing here is refused by name', () => {
  test.each(REFUSED_FLAGS.map(({ name, kind }) => [name, kind] as const))(
    '--%s',
    async (name, kind) => {
      const one = await open();
      const { code, stderr } = await one.docker(
        `run --rm --${name}${kind === 'bool' ? '' : ' x'} box true`,
      );
      expect(code).toBe(125);
      expect(stderr).toMatch(new RegExp(`^docker: --${name} is not available here: .+\\.\n`));
    },
  );

  test('and help does not show it', () => {
    const hidden = RUN_FLAGS.filter(({ hidden: isHidden }) => isHidden === true);
    expect(hidden.map(({ name }) => name)).toEqual(
      expect.arrayContaining(REFUSED_FLAGS.map(({ name }) => name)),
    );
  });
});

test('run in a process that ends with the command says so, once', async () => {
  const one = await open();
  const { stderr } = await one.docker('run -d box sleep 1', { session: { endsEngine: true } });
  expect(stderr).toBe(
    'Note: containers live as long as the process that runs them, and this command ends now: use a shell, "semdistro sh".\n',
  );
  expect((await one.docker('run -d box sleep 1')).stderr).toBe('');
});

test('ports are recorded, and that nothing listens on them is said', async () => {
  const one = await open();
  const { stderr } = await one.docker('create --name app -p 8080:80 box');
  expect(stderr).toMatch(/^Note: published ports are recorded, .*\n$/);
  const { host, config } = await findContainer(one.engine, 'app');
  expect(host.publish).toEqual(['8080:80']);
  expect(config.ExposedPorts).toEqual({ '80/tcp': {} });
});

/** Standard input that nobody types at. */
function forever(): ByteStream {
  return { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
}
