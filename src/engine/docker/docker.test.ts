import { expect, test } from 'vitest';
import { runLine, withPantry } from '../../testing/docker-line.ts';
import { file } from '../../testing/entries.ts';
import { addTestImage, emptyEngine } from '../../testing/images.ts';
import { runDocker } from '../../testing/session.ts';
import { once, utf8 } from '../bytes.ts';
import type { OciPlatform } from '../oci/image.ts';
import { docker } from './main.ts';

const LINUX: OciPlatform = { os: 'linux', architecture: 'amd64' };

test('docker system df counts each layer once', async () => {
  const engine = emptyEngine();
  const shared = { by: 'shared', entries: [file('a', 'x'.repeat(1000))] };
  await addTestImage(engine, 'a:1', { rows: [shared] });
  await addTestImage(engine, 'b:1', {
    rows: [shared, { by: 'own', entries: [file('b', 'y'.repeat(500))] }],
  });
  expect((await runLine(engine, 'system df')).out).toBe(
    `TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE
Images          2         0         1.5kB     1.5kB (100%)
Containers      0         0         0B        0B
Local Volumes   0         0         0B        0B
Build Cache     0         0         0B        0B
`,
  );
  const { out } = await runLine(engine, 'system df -v');
  expect(out).toMatch(/^b +1 +\S+ +56 years ago +1\.5kB +1kB +500B +0$/m);
});

test('docker manifest inspect shows a manifest, and more with -v', async () => {
  const engine = await withPantry();
  const plain: unknown = JSON.parse((await runLine(engine, 'manifest inspect node:24')).out);
  expect(plain).toMatchObject({ schemaVersion: 2, layers: [{}] });
  const verbose: unknown = JSON.parse((await runLine(engine, 'manifest inspect -v node:24')).out);
  expect(verbose).toMatchObject({
    Ref: 'docker.io/library/node:24',
    Descriptor: { platform: LINUX },
  });
  expect(await runLine(engine, 'manifest inspect nope')).toMatchObject({
    code: 1,
    err: 'no such manifest: docker.io/library/nope:latest\n',
  });
});

test.each([
  ['run -it x', 'the input device is not a TTY\n'],
  ['swarm init', "docker: 'swarm' is not available here: there is no cluster.\n"],
  ['login', "docker: 'login' is not available here: there is no registry to log in to.\n"],
  ['nonsense', "docker: 'nonsense' is not a docker command.\nSee 'docker --help'\n"],
  [
    'biuld .',
    "docker: 'biuld' is not a docker command.\nSee 'docker --help' (did you mean build?)\n",
  ],
])('docker %s', async (line, err) => {
  expect(await runLine(emptyEngine(), line)).toEqual({ code: 1, out: '', err });
});

test.each([
  [
    'build --fiel x .',
    "unknown flag: --fiel\nSee 'docker buildx build --help' (did you mean --file?).\n",
  ],
  ['images --nonsense', "unknown flag: --nonsense\nSee 'docker images --help'.\n"],
])('docker %s', async (line, err) => {
  expect(await runLine(emptyEngine(), line)).toEqual({ code: 125, out: '', err });
});

test('docker alone, help and --help print the commands there are', async () => {
  const { text } = await runDocker(emptyEngine(), []);
  expect(text).toMatch(/\n {2}images +List images\n/);
  expect((await runLine(emptyEngine(), 'help')).out).toBe(text);
  expect((await runLine(emptyEngine(), '--help')).out).toBe(text);
  expect((await runLine(emptyEngine(), 'help image ls')).out).toContain('Usage:  docker image ls ');
});

test('version and info tell the truth about what this is', async () => {
  expect((await runLine(emptyEngine(), 'version --format {{.Server.Version}}')).out).toMatch(
    /semdistro/,
  );
  expect((await runLine(emptyEngine(), 'info --format {{.Images}}')).out).toBe('0\n');
  expect((await runLine(emptyEngine(), '-v')).out).toMatch(/^Docker version 26.*semdistro/);
});

test('save refuses a terminal', async () => {
  const engine = emptyEngine();
  await addTestImage(engine, 'a:1', { rows: [{ by: 'x' }] });
  let err = '';
  const code = await docker(['save', 'a:1'], {
    engine,
    stdin: once(utf8('')),
    stdout: { write: () => undefined, drain: async () => undefined, columns: 80 },
    stderr: {
      write: (data) => {
        err += typeof data === 'string' ? data : '';
      },
      drain: async () => undefined,
      columns: 80,
    },
    files: {
      open: async () => undefined,
      write: async () => undefined,
      kind: async () => 'none',
      context: () => Promise.reject(new Error('no context')),
      writeTree: async () => undefined,
    },
    env: {},
    signal: new AbortController().signal,
  });
  expect([code, err]).toEqual([
    1,
    'cowardly refusing to save to a terminal. Use the -o flag or redirect\n',
  ]);
});

test('200 images are listed, and one of them inspected, within 50 ms each', async () => {
  const engine = emptyEngine();
  for (let index = 0; index < 200; index++) {
    await addTestImage(engine, `many/n${index}:1`, {
      rows: [{ by: `row ${index}`, entries: [file('a', String(index))] }, { by: 'ENV A=b' }],
    });
  }
  for (const line of ['images', 'history many/n100:1', 'inspect many/n100:1']) {
    // The best of a few: what else this computer does is not measured.
    let best = Infinity;
    for (let turn = 0; turn < 5; turn++) {
      const began = performance.now();
      await runLine(engine, line);
      best = Math.min(best, performance.now() - began);
    }
    expect(best).toBeLessThan(50);
  }
});
