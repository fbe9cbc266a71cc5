import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dir, file } from '../../testing/entries.ts';
import { fakeMachine } from '../../testing/fake-machine.ts';
import { addTestImage, emptyEngine } from '../../testing/images.ts';
import { runDocker } from '../../testing/session.ts';
import { once } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import type { ProcessHost } from '../process/host.ts';
import { collect } from '../bytes.ts';
import { writeTar } from '../tar/writer.ts';

let engine: Engine;
let cwd: string;

/** A machine whose containers have two processes and use something. */
function busyHost(): ProcessHost {
  const { host } = fakeMachine();
  let cpu = 0;
  return {
    ...host,
    async start(spec, io) {
      const container = await host.start(spec, io);
      const started = Date.now() / 1000 - 3700;
      return {
        ...container,
        processes: async () => [
          { pid: 7, ppid: 1, uid: 0, cpu: 75, started, tty: '?', command: 'sh -c x' },
          { pid: 8, ppid: 7, uid: 1000, cpu: 0, started, tty: 'pts/0', command: '/bin/sleep 9' },
        ],
        usage: async () => ({
          ...{ cpu: (cpu += 5e8), memory: 3 * 1024 * 1024, memoryLimit: 64 * 1024 * 1024 },
          pids: 2,
        }),
      };
    },
  };
}

beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'semdistro-inspection-'));
  engine = { ...emptyEngine(), processHost: busyHost() };
  const programs = ['sh', 'echo', 'sleep', 'cat'].map((name) =>
    file(`bin/${name}`, '', { mode: 0o755 }),
  );
  await addTestImage(engine, 'box:1', {
    rows: [{ by: 'x', entries: [dir('bin'), ...programs, dir('etc'), file('etc/a', 'text')] }],
    config: { Env: ['PATH=/bin'], Cmd: ['sh'] },
  });
});

afterEach(async () => {
  const { out } = await docker('ps -aq');
  if (out !== '') await docker(`rm -f ${out.trim().split('\n').join(' ')}`);
  rmSync(cwd, { recursive: true });
});

async function docker(
  line: string,
  stdin?: Uint8Array,
): Promise<{ code: number; out: string; err: string }> {
  const words = line.match(/'[^']*'|\S+/g) ?? [];
  const args = words.map((word) => word.replace(/^'|'$/g, ''));
  const options = { cwd, ...(stdin && { stdin: once(stdin) }) };
  const { code, text, stderr } = await runDocker(engine, args, options);
  return { code, out: text, err: stderr };
}

describe('docker top', () => {
  test('has the columns of ps -ef', async () => {
    await docker('run -d --name web box:1 sleep 100');
    const { out } = await docker('top web');
    expect(out.replace(/ \d\d:\d\d(?= )/g, ' HH:MM').split('\n')).toEqual([
      ['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME'].map((cell) => cell.padEnd(20)).join('') +
        'CMD',
      ['root', '7', '1', '2', 'HH:MM', '?', '00:01:15'].map((cell) => cell.padEnd(20)).join('') +
        'sh -c x',
      ['1000', '8', '7', '0', 'HH:MM', 'pts/0', '00:00:00']
        .map((cell) => cell.padEnd(20))
        .join('') + '/bin/sleep 9',
      '',
    ]);
  });

  test.each([
    ['-o pid,comm', 'PID COMMAND\n7 sh\n8 sleep\n'],
    ['-eo pid,user,etime', 'PID USER ELAPSED\n7 root 01:01:40\n8 1000 01:01:40\n'],
    ['-o pid=NUMBER,uid -o pid', 'NUMBER UID PID\n7 0 7\n8 1000 8\n'],
  ])('%s', async (options, expected) => {
    await docker('run -d --name web box:1 sleep 100');
    const { out } = await docker(`top web ${options}`);
    expect(out.replace(/ +/g, ' ')).toBe(expected);
  });

  test.each([
    ['-o comm', "Couldn't find PID field in ps output"],
    ['-o nope', 'ps: error: unknown user-defined format specifier "nope"'],
    ['--nope', 'ps: error: unknown gnu long option'],
  ])('%s is refused', async (options, message) => {
    await docker('run -d --name web box:1 sleep 100');
    expect(await docker(`top web ${options}`)).toEqual({
      ...{ code: 1, out: '' },
      err: `Error response from daemon: ${message}\n`,
    });
  });
});

test('docker stats shows what is used', async () => {
  await docker('run -d --name web box:1 sleep 100');
  const { out } = await docker(
    "stats --no-stream --format '{{.Name}}|{{.CPUPerc}}|{{.MemUsage}}|{{.MemPerc}}|{{.PIDs}}'",
  );
  expect(out).toMatch(/^web\|(?:4\d|50)\.\d\d%\|3MiB \/ 64MiB\|4\.69%\|2\n$/);
});

test('docker logs -f goes on until the container ends', async () => {
  await docker("run -d --name web box:1 sh -c 'echo one; sleep 0.2; echo two >&2'");
  expect(await docker('logs -f web')).toEqual({ code: 0, out: 'one\n', err: 'two\n' });
  expect((await docker('logs -n 1 web')).err).toBe('two\n');
  expect((await docker('logs -t web')).out).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{9}Z one\n$/);
});

describe('docker events', () => {
  test('tells what happened', async () => {
    await docker('run --rm --name web --label a=b box:1 echo hi');
    await docker('tag box:1 box:2');
    await docker('rmi box:2');
    const { out } = await docker('events --since 1h --until 0s');
    const told = out.split('\n').map((line) => line.split(' ').slice(1, 3).join(' '));
    expect(told).toEqual(
      expect.arrayContaining(['container create', 'container start', 'container die', 'image tag']),
    );
    expect(out).toMatch(/ container create [0-9a-f]{64} \(a=b, image=box:1, name=web\)\n/);
    expect(out).toMatch(/ image tag sha256:[0-9a-f]{64} \(name=box:2\)\n/);
  });

  test.each([
    ['type=volume', 'volume create data\n'],
    ['volume=data', 'volume create data\n'],
    ['event=create --filter type=volume', 'volume create data\n'],
    ['type=network', ''],
  ])('--filter %s', async (filter, expected) => {
    await docker('volume create data');
    await docker('create --name web box:1');
    const format = "--format '{{.Type}} {{.Action}} {{.Actor.ID}}'";
    expect((await docker(`events --since 1h --until 0s --filter ${filter} ${format}`)).out).toBe(
      expected,
    );
  });
});

describe('docker cp', () => {
  test('puts files into volumes where they are mounted, running or not', async () => {
    writeFileSync(join(cwd, 'one'), '1');
    await docker('create --name web -v data:/srv box:1');
    expect((await docker('cp one web:/srv/')).err).toBe('');
    await docker('run -d --name other -v data:/mnt box:1 sleep 100');
    await docker('cp one other:/mnt/two');
    for (const [from, to] of [
      ['web:/srv/two', 'back'],
      ['other:/mnt/one', 'back2'],
    ]) {
      await docker(`cp ${from} ${to}`);
      expect(readFileSync(join(cwd, to ?? ''), 'utf8')).toBe('1');
    }
    expect((await docker('diff web')).out).not.toContain('one');
  });

  test('takes a tar from standard input, and refuses one that leaves the directory', async () => {
    await docker('create --name web box:1');
    const archive = (name: string): Promise<Uint8Array> =>
      collect(writeTar([{ ...file('x', 'y'), path: name }]));
    expect(await docker('cp - web:/etc', await archive('new'))).toMatchObject({ code: 0 });
    expect((await docker('diff web')).out).toBe('C /etc\nA /etc/new\n');
    expect(await docker('cp - web:/etc', await archive('../../new'))).toMatchObject({
      ...{
        code: 1,
        err: 'Error response from daemon: invalid path "../../new": is outside of the root\n',
      },
    });
    expect((await docker('cp - web:/etc/a', await archive('new'))).err).toBe(
      'destination "web:/etc/a" must be a directory\n',
    );
  });
});

describe('an image that a container has', () => {
  test('goes only by force while the container is stopped, and the container still starts', async () => {
    await docker('create --name web box:1 echo hi');
    expect((await docker('rmi box:1')).err).toMatch(
      /conflict: unable to remove repository reference "box:1" \(must force\) - container \w{12} is using its referenced image \w{12}\n/,
    );
    await docker('tag box:1 box:2');
    expect((await docker('rmi box:2')).out).toBe('Untagged: box:2\n');
    expect((await docker('rmi -f box:1')).out).toMatch(/^Untagged: box:1\nDeleted: sha256:\w+\n$/);
    expect((await docker('start -a web')).out).toBe('hi\n');
    expect((await docker("ps -a --format '{{.Image}}'")).out).toMatch(/^[0-9a-f]{12}\n$/);
  });

  test('only loses its names while the container runs', async () => {
    await docker('run -d --name web box:1 sleep 100');
    const id = (await docker('images -q')).out.trim();
    expect((await docker(`rmi -f ${id}`)).err).toMatch(
      /unable to delete \w{12} \(cannot be forced\) - image is being used by running container/,
    );
    expect((await docker('rmi -f box:1')).out).toBe('Untagged: box:1\n');
    expect((await docker('images -q')).out.trim()).toBe(id);
  });

  test('is left alone by prune', async () => {
    await docker('create --name web box:1');
    expect((await docker('image prune -a -f')).out).toBe('Total reclaimed space: 0B\n');
    await docker('rm web');
    expect((await docker('image prune -a -f')).out).toContain('untagged: box:1\n');
  });
});

test('docker container prune takes what does not run', async () => {
  await docker('create --name one --label a=b box:1');
  await docker('create --name two box:1');
  await docker('run -d --name three box:1 sleep 100');
  expect((await docker('container prune -f --filter label=a=b')).out).toMatch(
    /^Deleted Containers:\n\w{64}\n\nTotal reclaimed space: 0B\n$/,
  );
  await docker('container prune -f');
  expect((await docker("ps -a --format '{{.Names}}'")).out).toBe('three\n');
});

test('docker volume prune takes those that nobody named, with -a all that nobody has', async () => {
  for (const name of ['used', 'free']) await docker(`volume create ${name}`);
  await docker('volume create');
  await docker('create --name web -v used:/a box:1');
  expect((await docker('volume prune -f')).out).toMatch(/^Deleted Volumes:\n\w{64}\n\n/);
  expect((await docker('volume prune -a -f')).out).toContain('Deleted Volumes:\nfree\n');
  expect((await docker('volume ls -q')).out).toBe('used\n');
});

test('docker system df and prune count containers and volumes', async () => {
  writeFileSync(join(cwd, 'one'), 'text');
  await docker('create --name web -v data:/d box:1');
  await docker('cp one web:/');
  const lines = (await docker('system df')).out.split('\n').map((line) => line.replace(/ +/g, ' '));
  expect(lines[2]).toMatch(/^Containers 1 0 4B 4B \(100%\)$/);
  expect(lines[3]).toBe('Local Volumes 1 1 0B 0B');
  expect((await docker('system df -v')).out).toMatch(/^\w{12} +box:1 +"sh" +1 +4B /m);
  const pruned = (await docker('system prune -a -f --volumes')).out;
  expect(pruned).toMatch(/Deleted Containers:\n\w{64}\n\nDeleted Images:\nuntagged: box:1\n/);
  expect((await docker('volume ls -q')).out).toBe('data\n');
});

test('docker inspect finds containers before images and volumes, or what --type asks for', async () => {
  await docker('tag box:1 same');
  await docker('volume create same');
  const kind = async (args: string): Promise<string> => (await docker(`inspect ${args} same`)).out;
  expect(await kind("-f '{{.Driver}}'")).toBe('\n');
  expect(await kind("--type volume -f '{{.Driver}}'")).toBe('local\n');
  await docker('create --name same box:1');
  expect(await kind("-f '{{.Name}}'")).toBe('/same\n');
  expect(await kind("--type image -f '{{.Architecture}}'")).toBe('amd64\n');
});

test('docker commit pauses what runs, and lets it go on', async () => {
  await docker('run -d --name web box:1 sleep 100');
  expect((await docker('commit web web:2')).out).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  expect((await docker("inspect -f '{{.State.Status}}' web")).out).toBe('running\n');
  const events = (await docker("events --since 1h --until 0s --format '{{.Action}}'")).out;
  expect(events).toMatch(/pause\n(.*\n)*commit\n(.*\n)*unpause\n/);
});
