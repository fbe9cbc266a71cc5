import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testEngine } from '../../testing/build.ts';
import { fakeHost } from '../../testing/process-host.ts';
import { type DockerOutput, runDocker } from '../../testing/session.ts';
import { once } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { listImages } from '../images/catalog.ts';

let cwd: string;
let engine: Engine;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'semdistro-build-'));
  engine = testEngine();
  write('app/Dockerfile', 'FROM scratch\nCOPY a.txt /a\nCMD ["/a"]\n');
  write('app/a.txt', 'hello\n');
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(join(cwd, path, '..'), { recursive: true });
  writeFileSync(join(cwd, path), text);
}

async function build(
  args: readonly string[],
  options: Parameters<typeof runDocker>[2] = {},
): Promise<DockerOutput> {
  return runDocker(engine, ['build', ...args], { cwd, ...options });
}

function tar(folder: string): Uint8Array {
  return new Uint8Array(execFileSync('tar', ['-c', '-C', join(cwd, folder), '.']));
}

test('builds, names, and tells it all on standard error', async () => {
  const { code, text, stderr } = await build(['-t', 'app', '-t', 'x/app:2', 'app']);
  expect({ code, text }, stderr).toEqual({ code: 0, text: '' });
  const [image] = await listImages(engine);
  expect(image?.names).toEqual(['docker.io/library/app:latest', 'docker.io/x/app:2']);
  expect(stderr.replace(/[0-9.]+s\b/g, '_s').replace(/[0-9a-f]{64}/, '_')).toBe(`\
#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 38B _s done
#1 DONE _s

#2 [internal] load .dockerignore
#2 transferring context: 2B _s done
#2 DONE _s

#3 [internal] load build context
#3 transferring context: 44B _s done
#3 DONE _s

#4 [1/1] COPY a.txt /a
#4 DONE _s

#5 exporting to image
#5 exporting layers _s done
#5 writing image sha256:_ _s done
#5 naming to docker.io/library/app:latest _s done
#5 naming to docker.io/x/app:2 _s done
#5 DONE _s
`);
});

test('-q prints the image ID and nothing else', async () => {
  const { text, stderr } = await build(['-q', 'app']);
  expect(text).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  expect(stderr).toBe('');
});

test('a second build says what came from the cache', async () => {
  await build(['app']);
  expect((await build(['app'])).stderr).toContain('#4 [1/1] COPY a.txt /a\n#4 CACHED\n');
  expect((await build(['--no-cache', 'app'])).stderr).not.toContain('CACHED');
});

describe('where Dockerfile and context come from', () => {
  test('-f a file', async () => {
    write('other', 'FROM scratch\nLABEL from=other\n');
    expect((await build(['-f', 'other', 'app'])).stderr).toContain(
      'load build definition from other',
    );
  });

  test('an empty -f is none', async () => {
    expect((await build(['-f', '', 'app'])).code).toBe(0);
  });

  test('-f - is standard input', async () => {
    const stdin = once(new TextEncoder().encode('FROM scratch\nCOPY a.txt /from-stdin\n'));
    expect((await build(['-f', '-', 'app'], { stdin })).stderr).toContain('COPY a.txt /from-stdin');
  });

  test('a tar on standard input', async () => {
    const { code, stderr } = await build(['-'], { stdin: once(tar('app')) });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('[1/1] COPY a.txt /a');
  });

  test('a tar.gz on standard input', async () => {
    const { code, stderr } = await build(['-'], {
      stdin: once(new Uint8Array(gzipSync(tar('app')))),
    });
    expect(code, stderr).toBe(0);
  });

  test('a Dockerfile on standard input has no context', async () => {
    const text = new TextEncoder().encode('FROM scratch\nCOPY a.txt /\n');
    const { code, stderr } = await build(['-'], { stdin: once(text) });
    expect(code).toBe(1);
    expect(stderr).toContain('"/a.txt": not found');
  });

  test('the ignore file of the Dockerfile wins', async () => {
    write('app/.dockerignore', 'a.txt\n');
    expect((await build(['app'])).code).toBe(1);
    write('app/Dockerfile.dockerignore', 'nothing\n');
    expect((await build(['app'])).code).toBe(0);
  });

  test.for<readonly [string, readonly string[], string]>([
    ['no folder', ['nope'], 'ERROR: unable to prepare context: path "nope" not found\n'],
    [
      'no Dockerfile',
      ['.'],
      'ERROR: failed to read dockerfile: open Dockerfile: no such file or directory\n',
    ],
    [
      'a URL',
      ['https://x/y'],
      'ERROR: unable to prepare context: https://x/y is on the network, and this build has none\n',
    ],
    [
      'both from stdin',
      ['-f', '-', '-'],
      "ERROR: invalid argument: can't use stdin for both build context and dockerfile\n",
    ],
  ])('%s', async ([, args, message]) => {
    const { code, stderr } = await build(args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

describe('outputs', () => {
  test('local', async () => {
    const { code, stderr } = await build(['-o', 'out', 'app']);
    expect(code, stderr).toBe(0);
    expect(readFileSync(join(cwd, 'out/a'), 'utf8')).toBe('hello\n');
    expect(await listImages(engine)).toEqual([]);
  });

  test('tar on standard output', async () => {
    const { stdout } = await build(['-o', '-', 'app']);
    const list = execFileSync('tar', ['-t'], { input: stdout, encoding: 'utf8' });
    expect(list).toBe('a\n');
  });

  test('an archive that load takes back', async () => {
    await build(['-t', 'app', '-o', 'type=docker,dest=app.tar', 'app']);
    expect(await listImages(engine)).toEqual([]);
    const load = await runDocker(engine, ['load', '-i', 'app.tar'], { cwd });
    expect(load.text).toBe('Loaded image: app:latest\n');
  });

  test('--iidfile and --metadata-file', async () => {
    const { text } = await build([
      '-q',
      '-t',
      'app',
      '--iidfile',
      'id',
      '--metadata-file',
      'meta',
      'app',
    ]);
    expect(readFileSync(join(cwd, 'id'), 'utf8')).toBe(text.trim());
    expect(JSON.parse(readFileSync(join(cwd, 'meta'), 'utf8'))).toMatchObject({
      'containerimage.config.digest': text.trim(),
      'image.name': 'docker.io/library/app:latest',
    });
  });
});

test('arguments, labels and target', async () => {
  write('app/Dockerfile', 'FROM scratch AS one\nARG A\nARG B\nLABEL a=$A b=$B\nFROM nowhere\n');
  const args = [
    '--target',
    'one',
    '--build-arg',
    'A=1',
    '--build-arg',
    'B',
    '--label',
    'c=3',
    'app',
  ];
  const { stderr, code } = await build(args, { env: { B: '2' } });
  expect(code, stderr).toBe(0);
  expect((await listImages(engine))[0]?.labels).toEqual({ a: '1', b: '2', c: '3' });
});

test('--platform, and DOCKER_DEFAULT_PLATFORM without it', async () => {
  await build(['--platform', 'linux/arm64', '-t', 'one', 'app']);
  await build(['-t', 'two', 'app'], { env: { DOCKER_DEFAULT_PLATFORM: 'linux/amd64' } });
  const platforms = (await listImages(engine)).map((image) => image.platform.architecture);
  expect(platforms.sort()).toEqual(['amd64', 'arm64']);
});

test('secrets come from files and from the environment', async () => {
  const { host, started } = fakeHost();
  engine = testEngine(host);
  write('key', 'from file');
  write(
    'app/Dockerfile',
    'FROM scratch\nRUN --mount=type=secret,id=a --mount=type=secret,id=b x\n',
  );
  const { code, stderr } = await build(
    ['--secret', 'id=a,src=key', '--secret', 'id=b,env=B', 'app'],
    {
      env: { B: 'from env' },
    },
  );
  expect(code, stderr).toBe(0);
  const contents = started[0]?.mounts.flatMap((mount) =>
    mount.kind === 'file' && mount.target.startsWith('/run/secrets/')
      ? [new TextDecoder().decode(mount.content)]
      : [],
  );
  expect(contents).toEqual(['from file', 'from env']);
});

test('builder prune forgets the cache and frees what nothing else needs', async () => {
  await build(['-o', 'out', 'app']);
  const { code, text } = await runDocker(engine, ['builder', 'prune', '-f']);
  expect(code).toBe(0);
  expect(text).toMatch(
    /^Deleted build cache objects:\n[0-9a-f]{64}\n\nTotal reclaimed space: [1-9][0-9.]*kB\n$/,
  );
  expect((await build(['app'])).stderr).not.toContain('CACHED');
});
