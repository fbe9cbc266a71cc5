import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
