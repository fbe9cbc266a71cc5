import { afterEach, describe, expect, test, vi } from 'vitest';
import { mortalStore } from '../../testing/container-engine.ts';
import { logOf, testContainers, until } from '../../testing/test-containers.ts';
import { type EngineEvent, onEvent } from '../containers/events.ts';
import { findContainer, listContainers } from '../containers/registry.ts';
import { stopAllContainers } from '../containers/shutdown.ts';
import { listVolumes } from '../containers/volumes.ts';
import { RUN_FLAGS } from './container-flags.ts';
import { REFUSED_FLAGS } from './refused-flags.ts';

const { open, close } = testContainers();
afterEach(async () => {
  vi.useRealTimers();
  await close();
});

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
    const other = await open(store);
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

test('ports that are published are exposed too', async () => {
  const one = await open();
  await one.docker('create --name app -p 8080:80 box');
  const { host, config } = await findContainer(one.engine, 'app');
  expect(host.publish).toEqual(['8080:80']);
  expect(config.ExposedPorts).toEqual({ '80/tcp': {} });
});
