import { describe, expect, test } from 'vitest';
import { LocatedError } from './located-error.ts';
import { applyConfig } from '../build/apply-config.ts';
import { declareArgs, draftFromImage } from '../build/draft.ts';
import type { Dockerfile } from './instructions.ts';
import { parseDockerfile } from './parse.ts';
import {
  globalScope,
  historyArgs,
  proxyEnvironment,
  resolveFrom,
  unconsumedWarning,
  type StageScope,
} from './scopes.ts';

const PLATFORMS = { build: 'linux/amd64', target: 'linux/arm/v7' };

function parse(source: string): Dockerfile {
  const { dockerfile, diagnostics } = parseDockerfile(source);
  if (!dockerfile) throw new Error(diagnostics[0]?.message);
  return dockerfile;
}

function scopeOf(source: string, buildArgs: Readonly<Record<string, string>> = {}) {
  return globalScope(parse(source), new Map(Object.entries(buildArgs)), PLATFORMS);
}

function fromOf(source: string, buildArgs?: Readonly<Record<string, string>>) {
  const [stage] = parse(source).stages;
  if (!stage) throw new Error('no stage');
  return resolveFrom(stage.from, scopeOf(source, buildArgs));
}

describe('what FROM sees', () => {
  test.each([
    ['ARG v=1\nFROM a:$v', {}, 'a:1'],
    ['ARG v=1\nFROM a:$v', { v: '2' }, 'a:2'],
    ['ARG v\nFROM a${v}', {}, 'a'],
    ['ARG v\nFROM a:${v:-latest}', {}, 'a:latest'],
    ['ARG a=1\nARG b=$a.2\nFROM x:$b', {}, 'x:1.2'],
    ['ARG a=1\nARG b=$a.2\nFROM x:$b', { a: '3' }, 'x:3.2'],
    ['ARG v=1\nARG v=2\nFROM a:$v', {}, 'a:2'],
    ['FROM a:$TARGETARCH$TARGETVARIANT', {}, 'a:armv7'],
    ['FROM a:$TARGETARCH', { TARGETARCH: 'x' }, 'a:x'],
    ['ARG v="1\nFROM a$v', {}, 'a'],
    ['FROM "a"', {}, 'a'],
  ])('%j with %j is %s', (source, buildArgs, image) => {
    expect(fromOf(source, buildArgs).image).toBe(image);
  });

  test('the platform is expanded too', () => {
    expect(fromOf('FROM --platform=$BUILDPLATFORM a')).toEqual({
      image: 'a',
      platform: 'linux/amd64',
    });
    expect(fromOf('FROM a')).toEqual({ image: 'a' });
  });

  test('nothing left is refused, on the line of FROM', () => {
    const error = thrown(() => fromOf('ARG v\nFROM $v'));
    expect(error).toMatchObject({
      code: 'blank-base',
      message: 'base name ($v) should not be blank',
    });
    expect(error.range.start.line).toBe(1);
  });
});

function thrown(work: () => unknown): LocatedError {
  try {
    work();
  } catch (error) {
    if (error instanceof LocatedError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Runs ARG and ENV of the first stage. */
function run(
  source: string,
  buildArgs: Readonly<Record<string, string>> = {},
  image: readonly string[] = [],
): { scope: StageScope; history: readonly string[] } {
  const draft = draftFromImage(
    {
      ...{ os: 'linux', architecture: 'amd64', config: { Env: image } },
      ...{ rootfs: { type: 'layers', diff_ids: [] }, history: [] },
    },
    scopeOf(source, buildArgs),
  );
  const history: string[] = [];
  for (const instruction of parse(source).stages[0]?.instructions ?? []) {
    if (instruction.kind === 'env') applyConfig(draft, instruction);
    if (instruction.kind !== 'arg') continue;
    declareArgs(draft, instruction);
    history.push(draft.rows.at(-1)?.createdBy ?? '');
  }
  return { scope: draft.scope, history };
}

describe('what a stage sees', () => {
  test.each([
    ['an argument', 'FROM a\nARG v=1', {}, '1'],
    ['--build-arg over its default', 'FROM a\nARG v=1', { v: '2' }, '2'],
    ['an undeclared --build-arg not', 'FROM a', { v: '2' }, undefined],
    ['a global argument only after declaring it', 'ARG v=1\nFROM a', {}, undefined],
    ['a global argument declared again', 'ARG v=1\nFROM a\nARG v', {}, '1'],
    ['a default over the global value', 'ARG v=1\nFROM a\nARG v=2', {}, '2'],
    ['no value at all', 'FROM a\nARG v', {}, undefined],
    ['ENV after ARG', 'FROM a\nARG v=1\nENV v=2', {}, '2'],
    ['ARG after ENV', 'FROM a\nENV v=2\nARG v=1', {}, '1'],
    ['ARG without value after ENV', 'FROM a\nENV v=2\nARG v', {}, '2'],
    ['ENV out of ARG', 'FROM a\nARG w=1\nENV v=${w}2', {}, '12'],
    ['all of one ENV with the values before it', 'FROM a\nENV w=0\nENV w=1 v=$w', {}, '0'],
    ['all of one ARG with the values before it', 'FROM a\nARG w=0\nARG w=1 v=$w', {}, '0'],
  ])('%s', (_, source, buildArgs, expected) => {
    expect(run(source, buildArgs).scope.env.get('v')).toBe(expected);
  });

  test('the environment of the image, and the platform once declared', () => {
    const { env } = run('FROM a\nARG TARGETPLATFORM', {}, ['PATH=/bin', 'E=a=b']).scope;
    expect([...env]).toEqual([
      ['PATH', '/bin'],
      ['E', 'a=b'],
      ['TARGETPLATFORM', 'linux/arm/v7'],
    ]);
  });
});

describe('what history shows', () => {
  test('defaults, never --build-arg', () => {
    const { history } = run('FROM a\nARG b=1 c\nARG d="x y"', { b: '2' });
    expect(history).toEqual(['ARG b=1 c', 'ARG d=x y']);
  });

  test('RUN begins with the arguments it saw', () => {
    const { scope } = run('FROM a\nARG b=1\nARG c\nENV b=3', { c: '9' });
    expect(historyArgs(scope)).toBe('|2 b=3 c=9 ');
    expect(historyArgs(run('FROM a').scope)).toBe('');
  });
});

describe('--build-arg', () => {
  test('proxies need no ARG', () => {
    expect(
      proxyEnvironment(
        new Map([
          ['http_proxy', 'p'],
          ['x', 'y'],
        ]),
      ),
    ).toEqual(['HTTP_PROXY=p', 'http_proxy=p']);
  });

  test.each([
    ['FROM a\nARG x', ['x'], undefined],
    ['ARG x\nFROM a', ['x'], undefined],
    ['FROM a', ['HTTPS_PROXY', 'TARGETOS', 'BUILDKIT_INLINE_CACHE'], undefined],
    ['FROM a', ['y', 'x'], '[Warning] One or more build-args [x y] were not consumed'],
  ])('%j given %j', (source, names, warning) => {
    const given = new Map(names.map((name) => [name, '']));
    expect(unconsumedWarning(parse(source), given)).toBe(warning);
  });
});
