import { describe, expect, test } from 'vitest';
import { buildFiles, testEngine } from '../../testing/build.ts';
import type { ContainerConfig } from '../oci/image.ts';

/** What a real Docker 26 wrote for the same lines. */
const TABLE: readonly {
  readonly line: string;
  readonly config?: ContainerConfig;
  readonly history: readonly string[];
}[] = [
  { line: 'ENV A=b', config: { Env: ['A=b'] }, history: ['ENV A=b'] },
  {
    line: 'ENV A="two words" B=1',
    config: { Env: ['A=two words', 'B=1'] },
    history: ['ENV A=two words B=1'],
  },
  {
    line: 'ENV A=1\nENV B=2\nENV A=3',
    config: { Env: ['A=3', 'B=2'] },
    history: ['ENV A=1', 'ENV B=2', 'ENV A=3'],
  },
  {
    line: 'ENV A=1\nENV A=2 B=$A',
    config: { Env: ['A=2', 'B=1'] },
    history: ['ENV A=1', 'ENV A=2 B=1'],
  },
  {
    line: 'ARG A=b\nLABEL x=$A',
    config: { Labels: { x: 'b' } },
    history: ['ARG A=b', 'LABEL x=b'],
  },
  {
    line: 'LABEL b=2 a="1 2"',
    config: { Labels: { a: '1 2', b: '2' } },
    history: ['LABEL b=2 a=1 2'],
  },
  {
    line: 'EXPOSE 80 90/udp 100-101',
    config: { ExposedPorts: { '100/tcp': {}, '101/tcp': {}, '80/tcp': {}, '90/udp': {} } },
    history: ['EXPOSE map[100/tcp:{} 101/tcp:{} 80/tcp:{} 90/udp:{}]'],
  },
  {
    line: 'VOLUME /v1 /v2',
    config: { Volumes: { '/v1': {}, '/v2': {} } },
    history: ['VOLUME [/v1 /v2]'],
  },
  { line: 'USER 5', config: { User: '5' }, history: ['USER 5'] },
  { line: 'STOPSIGNAL 9', config: { StopSignal: '9' }, history: ['STOPSIGNAL 9'] },
  {
    line: 'CMD ["x", "y z"]',
    config: { Cmd: ['x', 'y z'], ArgsEscaped: true },
    history: ['CMD ["x" "y z"]'],
  },
  {
    line: 'SHELL ["/bin/x","-c"]\nCMD echo hi',
    config: { Cmd: ['/bin/x', '-c', 'echo hi'], ArgsEscaped: true, Shell: ['/bin/x', '-c'] },
    history: ['SHELL [/bin/x -c]', 'CMD ["/bin/x" "-c" "echo hi"]'],
  },
  { line: 'ENTRYPOINT ["a"]', config: { Entrypoint: ['a'] }, history: ['ENTRYPOINT ["a"]'] },
  {
    line: 'CMD ["c"]\nENTRYPOINT ["e"]',
    config: { Entrypoint: ['e'], Cmd: ['c'], ArgsEscaped: true },
    history: ['CMD ["c"]', 'ENTRYPOINT ["e"]'],
  },
  {
    line: 'HEALTHCHECK --interval=5s --retries=2 CMD curl x',
    config: { Healthcheck: { Test: ['CMD-SHELL', 'curl x'], Interval: 5_000_000_000, Retries: 2 } },
    history: ['HEALTHCHECK &{["CMD-SHELL" "curl x"] "5s" "0s" "0s" "0s" \'\\x02\'}'],
  },
  {
    line: 'HEALTHCHECK NONE',
    config: { Healthcheck: { Test: ['NONE'] } },
    history: ['HEALTHCHECK &{["NONE"] "0s" "0s" "0s" "0s" \'\\x00\'}'],
  },
  { line: 'ONBUILD COPY x y', config: { OnBuild: ['COPY x y'] }, history: [] },
  {
    line: 'WORKDIR app\nWORKDIR x',
    config: { WorkingDir: '/app/x' },
    history: ['WORKDIR /app', 'WORKDIR /app/x'],
  },
  { line: 'WORKDIR /a/../b/', config: { WorkingDir: '/a/../b/' }, history: ['WORKDIR /a/../b/'] },
  { line: 'MAINTAINER me <me@x>', history: ['MAINTAINER me <me@x>'] },
];

describe('an instruction leaves in config and history what BuildKit leaves', () => {
  test.for(TABLE)('$line', async ({ line, config, history }) => {
    const { config: image } = await buildFiles(testEngine(), `FROM scratch\n${line}\n`);
    const { Env = [], WorkingDir, ...rest } = image.config;
    const [path, ...env] = Env;
    expect(path).toBe('PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
    expect({
      ...rest,
      ...(env.length > 0 && { Env: env }),
      ...(WorkingDir !== '/' && { WorkingDir }),
    }).toEqual(config ?? {});
    expect(image.history.map((row) => row.created_by)).toEqual(history);
    expect(image.history.every((row) => row.comment === 'buildkit.dockerfile.v0')).toBe(true);
  });
});

test('rows without a layer say so, and have the time of the layer before them', async () => {
  const { config } = await buildFiles(
    testEngine(),
    'FROM scratch\nENV A=1\nCOPY a /\nLABEL x=y\nCOPY a /b\n',
    { a: '1' },
  );
  const [env, copy, label, second] = config.history;
  expect([env, copy, label, second].map((row) => row?.empty_layer ?? false)).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(env?.created).toBe(copy?.created);
  expect(label?.created).toBe(copy?.created);
  expect(second?.created).not.toBe(copy?.created);
  expect(config.created).toBe(second?.created);
});

test('a stage on another inherits its config, history and CMD, which ENTRYPOINT resets', async () => {
  const { config } = await buildFiles(
    testEngine(),
    'FROM scratch AS base\nARG V=1\nENV A=$V\nCMD ["c"]\nUSER 7\nFROM base\nENTRYPOINT ["e"]\nLABEL v=$V\n',
  );
  expect(config.config).toMatchObject({ User: '7', Entrypoint: ['e'], Labels: { v: '1' } });
  expect(config.config.Cmd).toBeUndefined();
  expect(config.history.map((row) => row.created_by)).toEqual([
    'ARG V=1',
    'ENV A=1',
    'CMD ["c"]',
    'USER 7',
    'ENTRYPOINT ["e"]',
    'LABEL v=1',
  ]);
});

test('triggers of a base stage run and are gone', async () => {
  const { config } = await buildFiles(
    testEngine(),
    'FROM scratch AS base\nONBUILD COPY a /from-trigger\nONBUILD LABEL t=1\nFROM base\n',
    { a: '1' },
  );
  expect(config.config.OnBuild).toBeUndefined();
  expect(config.config.Labels).toEqual({ t: '1' });
  expect(config.history.map((row) => row.created_by)).toEqual([
    'COPY a /from-trigger # buildkit',
    'LABEL t=1',
  ]);
});

describe('what Docker refuses is refused in its words', () => {
  test.for([
    ['EXPOSE http', 'port-invalid', 'Invalid containerPort: http'],
    ['EXPOSE 99999', 'port-invalid', 'Invalid containerPort: 99999'],
    ['EXPOSE 80/x', 'port-invalid', 'Invalid proto: x'],
    ['STOPSIGNAL NOPE', 'signal-invalid', 'invalid signal: NOPE'],
    ['USER bob\nWORKDIR /x', 'user-unknown', 'invalid user index: -1'],
    [
      'ARG U=http://x/y\nADD $U /',
      'remote-source',
      'ADD of a URL is not possible: this engine has no network (http://x/y)',
    ],
  ] as const)('%s', async ([line, code, message]) => {
    const building = buildFiles(testEngine(), `FROM scratch\n${line}\n`);
    await expect(building).rejects.toMatchObject({
      code,
      message,
      range: { start: { line: line.split('\n').length } },
    });
  });
});
