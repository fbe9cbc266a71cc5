import { describe, expect, test } from 'vitest';
import { buildFiles, testEngine } from '../../testing/build.ts';
import { file, whiteout } from '../../testing/entries.ts';
import { fakeHost } from '../../testing/process-host.ts';
import { collect } from '../bytes.ts';

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
    const { host, requests } = fakeHost();
    const { config } = await buildFiles(testEngine(host), `FROM scratch\n${lines}\n`);
    expect(requests.map((request) => request.argv)).toEqual([argv]);
    expect(config.history.at(-1)?.created_by).toBe(createdBy);
  });

  test('environment, folder, user and network', async () => {
    const { host, requests } = fakeHost();
    const args = { A: 'given', HTTP_PROXY: 'http://p' };
    const lines = 'ENV E=1\nARG A\nUSER 3:4\nWORKDIR /w\nRUN --network=none x\n';
    await buildFiles(testEngine(host), `FROM scratch\n${lines}`, {}, { args });
    expect(requests).toMatchObject([{ cwd: '/w', user: '3:4', network: 'none' }]);
    expect(requests[0]?.env.slice(1)).toEqual([
      'E=1',
      'A=given',
      'HTTP_PROXY=http://p',
      'http_proxy=http://p',
    ]);
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

test('every kind of mount reaches the machine', async () => {
  const { host, requests } = fakeHost();
  const lines = [
    'FROM scratch AS tools',
    'COPY tool /bin/tool',
    'FROM scratch',
    'WORKDIR /w',
    'RUN --mount=from=tools,target=/tools,source=/bin --mount=target=here \\',
    '  --mount=type=cache,target=/cache,sharing=locked,uid=5 --mount=type=tmpfs,target=/t,size=1k \\',
    '  --mount=type=secret,id=key --mount=type=secret,id=other,target=/o,mode=0444 x',
  ].join('\n');
  const secrets = new Map([['key', new Uint8Array([7])]]);
  await buildFiles(testEngine(host), `${lines}\n`, { tool: 't' }, { secrets });
  expect(requests[0]?.mounts).toMatchObject([
    { kind: 'bind', target: '/tools', source: 'bin', writable: false },
    { kind: 'bind', target: '/w/here', source: '', writable: false },
    {
      kind: 'cache',
      target: '/cache',
      id: '/cache',
      sharing: 'locked',
      uid: 5,
      gid: 0,
      writable: true,
    },
    { kind: 'tmpfs', target: '/t', size: 1024 },
    { kind: 'secret', target: '/run/secrets/key', content: new Uint8Array([7]), mode: 0o400 },
  ]);
});

test('a script heredoc is mounted as a program', async () => {
  const { host, requests } = fakeHost();
  await buildFiles(testEngine(host), 'FROM scratch\nRUN <<EOF\n#!/bin/x\na\nEOF\n');
  const [mount] = requests[0]?.mounts ?? [];
  expect(mount).toMatchObject({ kind: 'bind', target: '/dev/pipes' });
  const entry = mount?.kind === 'bind' ? mount.tree.get('EOF')?.entry : undefined;
  expect(entry?.mode).toBe(0o755);
  expect(new TextDecoder().decode(await collect(entry?.content?.stream() ?? empty()))).toBe(
    '#!/bin/x\na\n',
  );
});

async function* empty(): AsyncGenerator<Uint8Array> {
  // Nothing.
}

test('a process that fails ends the build with its words and its line', async () => {
  const { host } = fakeHost(({ argv }) => ({ exitCode: argv.includes('bad') ? 3 : 0 }));
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
