import { describe, expect, test } from 'vitest';
import { buildFiles, type Files, testEngine } from '../../testing/build.ts';
import { dir, file, symlink, whiteout } from '../../testing/entries.ts';
import { type FakeProcess, fakeHost } from '../../testing/process-host.ts';
import { utf8 } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import type { Entry } from '../layer/entry.ts';
import { openLayer } from '../layer/open.ts';
import { MEDIA } from '../oci/media-types.ts';
import { ProcessStartError } from '../process/start-error.ts';
import type { BuildEvent } from './progress.ts';

const RUNTIME = 'runc run failed: unable to start container process: ';

function textOf(events: readonly BuildEvent[], stream: 'stdout' | 'stderr'): string {
  return events
    .map((event) =>
      event.type === 'log' && event.stream === stream ? new TextDecoder().decode(event.bytes) : '',
    )
    .join('');
}

describe('what a process is started with', () => {
  test.for([
    ['RUN echo hi', ['/bin/sh', '-c', 'echo hi'], 'RUN /bin/sh -c echo hi # buildkit'],
    ['RUN ["a", "b c"]', ['a', 'b c'], 'RUN a b c # buildkit'],
    ['SHELL ["/s"]\nRUN x', ['/s', 'x'], 'RUN /s x # buildkit'],
    ['RUN <<EOF\na\nb\nEOF', ['/bin/sh', '-c', 'a\nb\n'], 'RUN /bin/sh -c a\nb\n # buildkit'],
    [
      'RUN <<EOF cat\na\nEOF',
      ['/bin/sh', '-c', '<<EOF cat\na\nEOF'],
      'RUN /bin/sh -c <<EOF cat\na\nEOF # buildkit',
    ],
    [
      'RUN <<EOF\n#!/bin/x\na\nEOF',
      ['/bin/sh', '-c', '/dev/pipes/EOF'],
      'RUN /bin/sh -c /dev/pipes/EOF # buildkit',
    ],
    ['ARG A=b\nRUN $A', ['/bin/sh', '-c', '$A'], 'RUN |1 A=b /bin/sh -c $A # buildkit'],
  ] as const)('%s', async ([lines, argv, createdBy]) => {
    const { host, started } = fakeHost();
    const { config } = await buildFiles(testEngine(host), `FROM scratch\n${lines}\n`);
    expect(started.map(({ process }) => process.argv)).toEqual([argv]);
    expect(config.history.at(-1)?.created_by).toBe(createdBy);
  });

  test('environment, folder and user', async () => {
    const { host, started } = fakeHost();
    const args = { A: 'given', HTTP_PROXY: 'http://p' };
    const lines = 'ENV E=1\nARG A\nUSER 3:4\nWORKDIR /w\nRUN x\n';
    await buildFiles(testEngine(host), `FROM scratch\n${lines}`, {}, { args });
    expect(started).toMatchObject([
      {
        process: { cwd: '/w', user: { uid: 3, gid: 4, groups: [4] }, noNewPrivileges: false },
        hostname: 'buildkitsandbox',
        readOnlyRoot: false,
      },
    ]);
    expect(started[0]?.process.env.slice(1)).toEqual([
      'E=1',
      'A=given',
      'HTTP_PROXY=http://p',
      'http_proxy=http://p',
      'HOME=/',
    ]);
    expect(started[0]?.process.capabilities).toContain('CAP_CHOWN');
  });

  test('a user by the name it has in the image, with its groups and home', async () => {
    const { host, started } = fakeHost();
    const files = {
      'etc/passwd': 'app:x:10:20::/home/app:\n',
      'etc/group': 'more:x:30:app\n',
    };
    await buildFiles(testEngine(host), 'FROM scratch\nCOPY . /\nUSER app\nRUN x\n', files);
    expect(started[0]?.process.user).toEqual({ uid: 10, gid: 20, groups: [20, 30] });
    expect(started[0]?.process.env).toContain('HOME=/home/app');
  });

  test('a HOME that is set stays', async () => {
    const { host, started } = fakeHost();
    await buildFiles(testEngine(host), 'FROM scratch\nENV HOME=/h\nRUN x\n');
    expect(started[0]?.process.env.filter((pair) => pair.startsWith('HOME='))).toEqual(['HOME=/h']);
  });

  test.for([
    ['RUN x', 'host'],
    ['RUN --network=default x', 'host'],
    ['RUN --network=host x', 'host'],
    ['RUN --network=none x', 'private'],
  ] as const)('%s has the network: %s', async ([line, network]) => {
    const { host, started } = fakeHost();
    await buildFiles(testEngine(host), `FROM scratch\n${line}\n`);
    expect(started[0]?.network).toBe(network);
  });

  test.for([
    ['USER app', 'unable to find user app: no matching entries in passwd file'],
    ['USER 0:app', 'unable to find group app: no matching entries in group file'],
  ] as const)('%s, whom nobody knows', async ([line, why]) => {
    const { host, started } = fakeHost();
    await expect(
      buildFiles(testEngine(host), `FROM scratch\n${line}\nRUN ["x"]\n`),
    ).rejects.toMatchObject({
      code: 'process-failed',
      message: `process "x" did not complete successfully: ${why}`,
      exitCode: 1,
    });
    expect(started).toEqual([]);
  });
});

test('the changes become a layer, with the directories they are in', async () => {
  const { host } = fakeHost(() => ({ changes: [file('d/new', 'n'), whiteout('d/old')] }));
  const { tree } = await buildFiles(testEngine(host), 'FROM scratch\nCOPY d /d\nRUN x\n', {
    'd/old': '1',
    'd/stays': '2',
  });
  expect((await tree()).list('d')).toEqual(['new', 'stays']);
});

test('output is told as it comes', async () => {
  const { host } = fakeHost(() => ({ stdout: 'out\n', stderr: 'err\n' }));
  const { events } = await buildFiles(testEngine(host), 'FROM scratch\nRUN x\n');
  const logs = events.flatMap((event) =>
    event.type === 'log' ? [`${event.stream}: ${new TextDecoder().decode(event.bytes)}`] : [],
  );
  expect(logs).toEqual(['stdout: out\n', 'stderr: err\n']);
});

describe('what is left in the layer', () => {
  const layerOf = async (
    changes: readonly Entry[],
    lines: string,
    files: Files = {},
  ): Promise<readonly string[]> => {
    const { host } = fakeHost(() => ({ changes }));
    const engine = testEngine(host);
    const { manifest } = await buildFiles(engine, `FROM scratch\nCOPY . /\n${lines}\n`, files);
    const { digest, size } = manifest.layers.at(-1) ?? expect.unreachable();
    const blob = (await engine.store.blobs.open(digest)) ?? expect.unreachable();
    const layer = { mediaType: MEDIA.ociLayer, digest, size };
    return (await openLayer(engine, blob, layer, digest)).entries.map(
      ({ type, path }) => `${type} ${path}`,
    );
  };

  test.for<readonly [string, readonly Entry[], string, Files, readonly string[]]>([
    [
      'mount points that were made are gone',
      [
        ...[dir('etc'), file('etc/hosts', ''), file('etc/resolv.conf', '')],
        ...[dir('mnt'), dir('mnt/c'), dir('proc')],
      ],
      'RUN --mount=type=cache,target=/mnt/c x',
      {},
      ['dir proc'],
    ],
    [
      'directories that were there before count as changed',
      [dir('etc'), file('etc/hosts', ''), file('etc/resolv.conf', '')],
      'RUN x',
      { 'etc/passwd': '' },
      ['dir etc'],
    ],
    [
      'what was put into one stays, with what is above it',
      [dir('mnt'), dir('mnt/c'), file('mnt/c/f', 'x')],
      'RUN --mount=type=cache,target=/mnt/c x',
      {},
      ['dir mnt', 'dir mnt/c', 'file mnt/c/f'],
    ],
    [
      'an empty folder of its own stays',
      [dir('mnt'), dir('mnt/d')],
      'RUN --mount=type=cache,target=/mnt/c x',
      {},
      ['dir mnt', 'dir mnt/d'],
    ],
    [
      'a mount point behind a link is found',
      [dir('var'), dir('var/c')],
      'RUN --mount=type=cache,target=/mnt/c x',
      { mnt: symlink('mnt', 'var') },
      [],
    ],
  ])('%s', async ([, changes, line, files, left]) => {
    expect(await layerOf(changes, line, files)).toEqual(left);
  });
});

test('every kind of mount reaches the machine, in the order of the targets', async () => {
  const { host, started } = fakeHost();
  const lines = [
    'FROM scratch AS tools',
    'COPY tool /bin/tool',
    'FROM scratch',
    'WORKDIR /w',
    'RUN --mount=from=tools,target=/tools,source=/bin --mount=target=here \\',
    '  --mount=from=tools,target=/scribble,rw --mount=type=cache,target=/a,sharing=locked,uid=5,mode=0700 \\',
    '  --mount=type=tmpfs,target=/t,size=1k --mount=type=secret,id=key --mount=type=ssh \\',
    '  --mount=type=secret,id=key,env=KEY --mount=type=secret,id=key,env=K,target=/k,mode=0440,uid=1,gid=2 \\',
    '  --mount=type=secret,id=other,target=/o,mode=0444 x',
  ].join('\n');
  const secrets = new Map([['key', utf8('s3')]]);
  await buildFiles(testEngine(host), `${lines}\n`, { tool: 't' }, { secrets });
  const mounts = started[0]?.mounts ?? [];
  expect(mounts).toMatchObject([
    { kind: 'file', target: '/etc/hosts', readOnly: true },
    { kind: 'file', target: '/etc/resolv.conf', readOnly: true },
    { kind: 'writable', target: '/a', source: '', readOnly: false },
    { kind: 'file', target: '/k', content: utf8('s3'), mode: 0o440, uid: 1, gid: 2 },
    { kind: 'file', target: '/run/secrets/key', content: utf8('s3'), mode: 0o400, readOnly: true },
    { kind: 'writable', target: '/scribble', source: '', readOnly: false },
    { kind: 'tmpfs', target: '/t', size: 1024 },
    { kind: 'tree', target: '/tools', source: 'bin' },
    { kind: 'tree', target: '/w/here', source: '' },
  ]);
  expect(mounts).toHaveLength(9);
  expect(started[0]?.process.env).toEqual(expect.arrayContaining(['KEY=s3', 'K=s3']));
  const cache = mounts[2];
  const root = cache?.kind === 'writable' ? (await cache.tree.view()).get('')?.entry : undefined;
  expect(root).toMatchObject({ type: 'dir', mode: 0o700, uid: 5, gid: 0 });
});

test('a script heredoc is a program', async () => {
  const { host, started } = fakeHost();
  await buildFiles(testEngine(host), 'FROM scratch\nRUN <<EOF\n#!/bin/x\na\nEOF\n');
  expect(started[0]?.mounts).toContainEqual({
    ...{ kind: 'file', target: '/dev/pipes/EOF', mode: 0o755, uid: 0, gid: 0, readOnly: true },
    content: utf8('#!/bin/x\na\n'),
  });
});

test('a required SSH agent is not there', async () => {
  const { host } = fakeHost();
  const line = 'RUN --mount=type=ssh,required=true x';
  await expect(buildFiles(testEngine(host), `FROM scratch\n${line}\n`)).rejects.toMatchObject({
    code: 'mount-unsupported',
    message: 'unset ssh forward key default',
  });
});

describe('a process that cannot be started', () => {
  test.for([
    ['not-found', '["/nope"]', RUNTIME + 'exec: "/nope": stat /nope: no such file or directory\n'],
    ['not-found', '["nope"]', RUNTIME + 'exec: "nope": executable file not found in $PATH\n'],
    ['permission-denied', '["/f"]', RUNTIME + 'exec: "/f": permission denied\n'],
    ['is-directory', '["/etc"]', RUNTIME + 'exec: "/etc": permission denied\n'],
    ['loader-missing', '["/app"]', 'exec /app: no such file or directory\n'],
    ['exec-format', '["/app"]', 'exec /app: exec format error\n'],
    ['cwd', '["x"]', RUNTIME + 'error during container init: mkdir /: not a directory\n'],
  ] as const)('%s: %s', async ([failure, argv, output]) => {
    const fails = new ProcessStartError(failure, 'subject', 'message');
    const { host } = fakeHost(() => ({ fails }));
    const events: BuildEvent[] = [];
    const building = buildFiles(testEngine(host), `FROM scratch\nRUN ${argv}\n`, {}, {}, events);
    await expect(building).rejects.toMatchObject({ code: 'process-failed' });
    await expect(building).rejects.toThrow(
      /^process "\S+" did not complete successfully: exit code: 1$/,
    );
    expect(textOf(events, 'stderr')).toBe(output);
  });
});

describe('without internet', () => {
  const outcome = async (told: FakeProcess): Promise<{ hint?: string; said: string }> => {
    const { host } = fakeHost(() => told);
    const events: BuildEvent[] = [];
    try {
      await buildFiles(testEngine(host), 'FROM scratch\nRUN x\n', {}, {}, events);
      return { said: textOf(events, 'stderr') };
    } catch (error) {
      const hint = error instanceof EngineError ? error.hint : undefined;
      return { ...(hint !== undefined && { hint }), said: textOf(events, 'stderr') };
    }
  };

  test.for([
    [['deb', 'debian'], /no deb\.debian\.org: apt finds nothing/],
    [['pypi'], /no pypi\.org: pip finds only/],
    [['registry', 'npmjs'], /no registry\.npmjs\.org: packages of npm/],
    [['proxy', 'golang'], /no proxy\.golang\.org: modules of Go/],
    [['example'], /no example\.org: put what is fetched/],
  ] as const)('%j that is looked up is what the failure is about', async ([name, hint]) => {
    const lookups = [[...name, 'org.'].join('.')];
    expect((await outcome({ exitCode: 1, lookups })).hint).toMatch(hint);
  });

  test('what apt says without looking', async () => {
    const { hint } = await outcome({ exitCode: 100, stderr: 'E: Unable to locate package curl\n' });
    expect(hint).toMatch(/^There is no internet here: apt finds nothing/);
  });

  test('a step that goes on without says it in its output', async () => {
    const { hint, said } = await outcome({ lookups: ['example.org'] });
    expect(hint).toBeUndefined();
    expect(said).toMatch(/^note: There is no internet here, and so no example\.org/);
  });

  test.for([[[]], [['redis']], [['localhost']]] as const)(
    'nothing of it for %j',
    async ([lookups]) => {
      expect(await outcome({ exitCode: 1, lookups })).toEqual({ said: '' });
    },
  );
});

test('given up, the process is killed', async () => {
  const stop = new AbortController();
  const { host, signals } = fakeHost(() => ({
    work: () => {
      stop.abort();
      return new Promise(() => undefined);
    },
  }));
  const building = buildFiles(
    testEngine(host),
    'FROM scratch\nRUN x\n',
    {},
    { signal: stop.signal },
  );
  await expect(building).rejects.toMatchObject({ name: 'AbortError' });
  expect(signals).toEqual([9]);
});

test('stages that do not need each other run at the same time', async () => {
  let together = 0;
  let most = 0;
  const both = Promise.withResolvers<undefined>();
  const { host } = fakeHost(() => ({
    work: async () => {
      together++;
      most = Math.max(most, together);
      if (together === 2) both.resolve(undefined);
      await both.promise;
      return 0;
    },
  }));
  const lines =
    'FROM scratch AS a\nRUN a\nFROM scratch AS b\nRUN b\nFROM scratch\nCOPY --from=a / /\nCOPY --from=b / /\n';
  await buildFiles(testEngine(host), lines);
  expect(most).toBe(2);
});

test('a process that fails ends the build with its words and its line', async () => {
  const { host } = fakeHost(({ process }) => ({
    exitCode: process.argv.includes('bad') ? 3 : 0,
  }));
  const building = buildFiles(testEngine(host), 'FROM scratch\nRUN good\nRUN bad\nRUN never\n');
  await expect(building).rejects.toMatchObject({
    code: 'process-failed',
    message: 'process "/bin/sh -c bad" did not complete successfully: exit code: 3',
    range: { start: { line: 2 } },
  });
});

test('a failed process is not remembered', async () => {
  let exitCode = 1;
  const { host } = fakeHost(() => ({ exitCode }));
  const engine = testEngine(host);
  await expect(buildFiles(engine, 'FROM scratch\nRUN x\n')).rejects.toMatchObject({
    code: 'process-failed',
  });
  exitCode = 0;
  expect((await buildFiles(engine, 'FROM scratch\nRUN x\n')).cached).toEqual([]);
});

test('a required secret that is missing is named', async () => {
  const { host } = fakeHost();
  const line = 'RUN --mount=type=secret,id=key,required=true x';
  await expect(buildFiles(testEngine(host), `FROM scratch\n${line}\n`)).rejects.toMatchObject({
    code: 'secret-missing',
    message: 'secret key: not found',
  });
});

describe('without a machine', () => {
  const lines = 'FROM scratch AS one\nCOPY a /\nFROM scratch AS two\nCOPY a /\nRUN make it\n';

  test('a needed RUN fails before anything is built', async () => {
    const engine = testEngine();
    await expect(buildFiles(engine, lines, { a: '1' })).rejects.toMatchObject({
      code: 'no-process-host',
      message: 'line 5 runs a process, and there is no machine here to run it: RUN make it',
      range: { start: { line: 4 } },
    });
    for await (const blob of engine.store.blobs.list()) expect.unreachable(blob.digest);
  });

  test('a RUN nobody needs does not matter', async () => {
    const result = await buildFiles(testEngine(), lines, { a: '1' }, { target: 'one' });
    expect(result.ran).toContain('[one 1/1] COPY a /');
    expect(result.ran.some((title) => title.includes('two'))).toBe(false);
  });
});
