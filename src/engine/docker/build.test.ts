import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testEngine } from '../../testing/build.ts';
import { fakeHost } from '../../testing/process-host.ts';
import { type DockerOutput, runDocker } from '../../testing/session.ts';
import { hostFiles } from '../../cli/host-files.ts';
import { once } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { listImages } from '../images/catalog.ts';
import { docker } from './main.ts';

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

describe('a failure', () => {
  test('shows the output, the place and the message', async () => {
    const { host } = fakeHost(() => ({ exitCode: 2, stdout: 'making\n', stderr: 'no rule\n' }));
    engine = testEngine(host);
    write('app/Dockerfile', 'FROM scratch\nRUN make\nLABEL a=b\n');
    const { code, stderr } = await build(['app']);
    expect(code).toBe(1);
    expect(stderr.slice(stderr.indexOf('#3')).replace(/[0-9]+\.[0-9]{3}/g, '_')).toBe(`\
#3 [1/1] RUN make
#3 _ making
#3 _ no rule
#3 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2
------
 > [1/1] RUN make:
_ making
_ no rule
------
Dockerfile:2
--------------------
   1 |     FROM scratch
   2 | >>> RUN make
   3 |     LABEL a=b
   4 |     
--------------------
ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2
`);
  });

  test.for<readonly [string, readonly string[], string]>([
    [
      'a flag that means nothing here',
      ['--cache-from', 'x', 'app'],
      '--cache-from is not supported: the cache is the one of this store',
    ],
    [
      'a bad tag',
      ['-t', 'UP', 'app'],
      'invalid tag "UP": invalid reference format: repository name (library/UP) must be lowercase',
    ],
    [
      'two platforms',
      ['--platform', 'linux/386,linux/amd64', 'app'],
      'Multi-platform build is not supported: name one platform at a time',
    ],
    ['a way to show progress', ['--progress', 'film', 'app'], 'invalid progress mode film'],
    [
      'a secret file',
      ['--secret', 'id=a,src=nope', 'app'],
      'failed to stat nope: stat nope: no such file or directory',
    ],
    [
      'an empty platform',
      ['--platform', '', 'app'],
      'failed to parse platform : "" is an invalid OS component',
    ],
    [
      'an argument without a name',
      ['--build-arg', '=x', 'app'],
      'invalid key-value pair "=x": empty key',
    ],
    ['an empty label', ['--label', '', 'app'], 'invalid key-value pair "": empty key'],
    ['an empty context', [''], 'please specify build context (e.g. "." for the current directory)'],
    ['a target', ['--target', 'x', 'app'], 'failed to solve: target stage "x" could not be found'],
  ])('names %s', async ([, args, message]) => {
    const { code, stderr } = await build(args);
    expect(code).toBe(1);
    expect(stderr).toContain(`ERROR: ${message}\n`);
  });
});

describe('a failure', () => {
  test('ends with what to do, and control characters of the Dockerfile stay away from the terminal', async () => {
    write('app/Dockerfile', 'FROM scratch\n\x1b[2JRUM\x9b x\n');
    const { code, stderr } = await build(['app']);
    expect(code).toBe(1);
    // eslint-disable-next-line no-control-regex -- they are what it is about
    expect(stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    expect(stderr.slice(stderr.indexOf('Dockerfile:2'))).toBe(`\
Dockerfile:2
--------------------
   1 |     FROM scratch
   2 | >>> \\x1b[2JRUM\\x9b x
   3 |     
--------------------
ERROR: failed to solve: dockerfile parse error on line 2: unknown instruction: \\x1b[2JRUM\\x9b
A line begins with an instruction; end the line before with a backslash to continue it.
`);
  });

  test('of one image waits for the others: nothing is shown below it', async () => {
    write('app/Dockerfile', 'FROM nope AS one\nFROM nowhere\nCOPY --from=one /a /b\n');
    const { code, stderr } = await build(['app']);
    expect(code).toBe(1);
    const lines = stderr.trimEnd().split('\n');
    expect(lines.filter((line) => line.includes(' ERROR: '))).toHaveLength(2);
    expect(lines.at(-2)).toMatch(/^ERROR: failed to solve: nope: /);
  });

  test('by Ctrl-C is no failure of a step, and leaves no image', async () => {
    const interrupt = new AbortController();
    let err = '';
    const sink = { write: () => undefined, drain: async () => undefined, columns: undefined };
    const files = hostFiles(cwd, interrupt.signal);
    const code = await docker(['build', '-t', 'x', 'app'], {
      ...{ engine, stdin: once(new Uint8Array()), env: {}, signal: interrupt.signal },
      stdout: sink,
      stderr: { ...sink, write: (data) => (err += String(data)) },
      files: {
        ...files,
        context: (...args) => {
          interrupt.abort();
          return files.context(...args);
        },
      },
    });
    expect(code).toBe(130);
    expect(err.slice(err.indexOf('#3'))).toBe(
      '#3 [internal] load build context\n#3 CANCELED\nERROR: failed to solve: Canceled: context canceled\n',
    );
    expect(await listImages(engine)).toEqual([]);
  });

  test('is a tar, which is not for a terminal', async () => {
    const said = { write: () => undefined, drain: async () => undefined };
    let err = '';
    const terminal = { ...said, columns: 80 };
    const stderr = { ...said, columns: undefined, write: (data: unknown) => (err += String(data)) };
    for (const output of ['-', 'type=oci']) {
      err = '';
      const code = await docker(['build', '-q', '-o', output, join(cwd, 'app')], {
        ...{ engine, stdin: once(new Uint8Array()), stdout: terminal, stderr, env: {} },
        ...{ files: hostFiles(cwd), signal: new AbortController().signal },
      });
      const type = output === '-' ? 'tar' : 'oci';
      expect({ code, err }).toEqual({
        code: 1,
        err: `ERROR: dest file is required for ${type} exporter. refusing to write to console\nWrite -o type=${type},dest=FILE, or redirect standard output.\n`,
      });
    }
  });
});

describe('checks', () => {
  test('warnings at the end of a build', async () => {
    write('app/Dockerfile', 'FROM scratch\nMAINTAINER me\n');
    expect((await build(['--build-arg', 'NOPE=1', 'app'])).stderr).toMatch(
      /\n 2 warnings found \(use docker --debug to expand\):\n - MaintainerDeprecated: .* \(line 2\)\n - UnconsumedBuildArg: One or more build-args \[NOPE\] were not consumed\n$/,
    );
  });

  test('--check builds nothing', async () => {
    write('app/Dockerfile', 'FROM scratch\nMAINTAINER me\n');
    const { code, text } = await build(['--check', 'app']);
    expect(code).toBe(1);
    expect(text).toContain(
      'Check complete, 1 warning has been found!\n\nWARNING: MaintainerDeprecated\n',
    );
    expect(text).toContain('   2 | >>> MAINTAINER me\n');
    expect(await listImages(engine)).toEqual([]);
  });

  test('--check of a clean Dockerfile', async () => {
    const { code, text } = await build(['--check', 'app']);
    expect({ code, text }).toEqual({ code: 0, text: 'Check complete, no warnings found.\n' });
  });
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
