import { describe, expect, it } from 'vitest';
import type { ContainerConfig } from '../../engine/oci/image.ts';
import { file } from '../../testing/entries.ts';
import { simpleImage } from '../../testing/port-image.ts';
import type { Verdict } from '../check.ts';
import {
  cmdIs,
  entrypointIs,
  envAbsent,
  envIs,
  nonroot,
  stopSignalIs,
  userIs,
  workingDirIs,
} from './config.ts';
import { factsOf } from './facts.ts';

const passwd = file(
  'etc/passwd',
  'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\ntoor:x:0:0::/:\n',
);
const imageOf = (config: ContainerConfig) => simpleImage([passwd], config);
const said = (verdict: Verdict): string =>
  verdict.status === 'fail' ? verdict.found.en : verdict.status;

describe('a user', () => {
  it.each(['65532', '65532:65532', 'nonroot', 'nonroot:0', '1000'])(
    '%s is not root',
    async (User) => {
      expect(said(await nonroot(await imageOf({ User })))).toBe('pass');
    },
  );

  it.each([
    ['', 'no `USER`: the process is root (0)'],
    ['0', '`USER 0`'],
    ['0:65532', '`USER 0`'],
    ['root', '`USER root` (0)'],
    ['toor', '`USER toor` (0)'],
    ['app', "`USER app`, which the image's `/etc/passwd` does not have"],
  ])('%j is root, or nobody', async (User, found) => {
    expect(said(await nonroot(await imageOf({ User })))).toBe(found);
  });

  it('as a number, when a number is wanted', async () => {
    const numeric = { numeric: true };
    expect(said(await nonroot(await imageOf({ User: '65532' }), numeric))).toBe('pass');
    expect(said(await nonroot(await imageOf({ User: 'nonroot' }), numeric))).toBe(
      '`USER nonroot` (65532)',
    );
  });

  it('by number or by name', async () => {
    expect(said(await userIs(await imageOf({ User: '65532:0' }), 65532))).toBe('pass');
    expect(said(await userIs(await imageOf({ User: 'nonroot' }), 65532))).toBe('pass');
    expect(said(await userIs(await imageOf({ User: '1000' }), 65532))).toBe('`USER 1000`');
    expect(said(await userIs(await imageOf({}), 65532))).toContain('no `USER`');
  });
});

describe('the configuration', () => {
  const facts = async (config: ContainerConfig) => factsOf(await imageOf(config));

  it('is the same whether an engine leaves out, nulls or empties', async () => {
    const nothing = await facts({});
    expect(await facts({ Entrypoint: null, Cmd: null, Labels: null, WorkingDir: '' })).toEqual(
      nothing,
    );
    expect(await facts({ Entrypoint: [], Env: [], Healthcheck: { Test: ['NONE'] } })).toEqual(
      nothing,
    );
    expect(nothing).toMatchObject({ workingDir: '/', entrypoint: [], healthcheck: undefined });
  });

  it('has variables with any value', async () => {
    const { env } = await facts({ Env: ['A=1=2', 'B=', 'C'] });
    expect([...env]).toEqual([
      ['A', '1=2'],
      ['B', ''],
      ['C', ''],
    ]);
  });

  it.each<
    [string, ContainerConfig, (image: Awaited<ReturnType<typeof imageOf>>) => Verdict, string]
  >([
    ['its ENTRYPOINT', { Entrypoint: ['/a', 'b'] }, (i) => entrypointIs(i, ['/a', 'b']), 'pass'],
    ['no ENTRYPOINT', { Entrypoint: null }, (i) => entrypointIs(i, []), 'pass'],
    [
      'another ENTRYPOINT',
      { Entrypoint: ['/a b'] },
      (i) => entrypointIs(i, ['/a', 'b']),
      '`ENTRYPOINT ["/a b"]`',
    ],
    ['no ENTRYPOINT where there should be', {}, (i) => entrypointIs(i, ['/a']), 'no `ENTRYPOINT`'],
    ['its CMD', { Cmd: ['x'] }, (i) => cmdIs(i, ['x']), 'pass'],
    ['more CMD', { Cmd: ['x', 'y'] }, (i) => cmdIs(i, ['x']), '`CMD ["x","y"]`'],
    ['its variable', { Env: ['A=1'] }, (i) => envIs(i, 'A', '1'), 'pass'],
    ['its variable, whatever it is', { Env: ['A='] }, (i) => envIs(i, 'A'), 'pass'],
    ['its variable with another value', { Env: ['A=2'] }, (i) => envIs(i, 'A', '1'), '`ENV A=2`'],
    ['no such variable', { Env: ['AB=1'] }, (i) => envIs(i, 'A'), 'no `ENV A` in the image'],
    ['no variable that it should not', { Env: ['AB=1'] }, (i) => envAbsent(i, 'A'), 'pass'],
    ['a variable that it should not', { Env: ['A=1'] }, (i) => envAbsent(i, 'A'), '`ENV A=1`'],
    ['its WORKDIR', { WorkingDir: '/app/' }, (i) => workingDirIs(i, '/app'), 'pass'],
    ['another WORKDIR', { WorkingDir: '/srv' }, (i) => workingDirIs(i, '/app'), '`WORKDIR /srv`'],
    ['none, which is the root', {}, (i) => workingDirIs(i, '/'), 'pass'],
    ['its STOPSIGNAL', { StopSignal: 'SIGINT' }, (i) => stopSignalIs(i, 'SIGINT'), 'pass'],
    ['its STOPSIGNAL by number', { StopSignal: '2' }, (i) => stopSignalIs(i, 'SIGINT'), 'pass'],
    ['its STOPSIGNAL in short', { StopSignal: 'int' }, (i) => stopSignalIs(i, 'SIGINT'), 'pass'],
    [
      'another STOPSIGNAL',
      { StopSignal: 'SIGKILL' },
      (i) => stopSignalIs(i, 'SIGINT'),
      '`STOPSIGNAL SIGKILL`',
    ],
    ['none, which is SIGTERM', {}, (i) => stopSignalIs(i, 'SIGTERM'), 'pass'],
    [
      'none where there should be',
      {},
      (i) => stopSignalIs(i, 'SIGINT'),
      'no `STOPSIGNAL`: SIGTERM',
    ],
  ])('has %s', async (_, config, check, expected) => {
    expect(said(check(await imageOf(config)))).toBe(expected);
  });
});
