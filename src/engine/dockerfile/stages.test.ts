import { describe, expect, test } from 'vitest';
import { EngineError } from '../errors.ts';
import { LocatedError } from './located-error.ts';
import { parseDockerfile } from './parse.ts';
import { globalScope } from './scopes.ts';
import { planStages, type BuildPlan } from './stages.ts';

function plan(source: string, target?: string): BuildPlan {
  const { dockerfile, diagnostics } = parseDockerfile(source);
  if (!dockerfile) throw new Error(diagnostics[0]?.message);
  const platforms = { build: 'linux/386', target: 'linux/386' };
  return planStages(dockerfile, globalScope(dockerfile, new Map(), platforms), target);
}

const CHAIN = `
FROM busybox AS a
FROM a AS b
FROM scratch AS unused
COPY --from=a / /
FROM scratch
COPY --from=b / /
`;

describe('which stages are needed', () => {
  test.each([
    [CHAIN, undefined, [0, 1, 3]],
    [CHAIN, 'a', [0]],
    [CHAIN, 'B', [0, 1]],
    [CHAIN, 'unused', [0, 2]],
    ['FROM a AS x\nFROM b\nCOPY --from=0 / /', undefined, [0, 1]],
    ['FROM a AS x\nFROM b\nRUN --mount=from=x,target=/x y', undefined, [0, 1]],
    // A number is a stage to COPY, and an image to a mount.
    ['FROM a AS x\nFROM b\nRUN --mount=from=0,target=/x y', undefined, [1]],
    ['FROM a AS x\nFROM b\nCOPY --from=X / /', undefined, [0, 1]],
    ['FROM a AS x\nFROM b\nCOPY --from=busybox / /', undefined, [1]],
    ['ARG s=x\nFROM a AS x\nFROM $s', undefined, [0, 1]],
  ])('%j, target %s: %j', (source, target, needed) => {
    expect(plan(source, target).needed).toEqual(needed);
  });
});

describe('what names mean', () => {
  test('FROM: stages above in exact case, scratch, or an image', () => {
    const bases = plan('FROM later AS a\nFROM a AS later\nFROM A\nFROM scratch').stages.map(
      ({ base }) => base,
    );
    expect(bases).toEqual([
      { kind: 'image', reference: 'later' },
      { kind: 'stage', index: 0 },
      { kind: 'image', reference: 'A' },
      { kind: 'scratch' },
    ]);
  });

  test('of two stages with one name the later counts, also for COPY, and FROM takes the one above', () => {
    const { stages, source } = plan('FROM scratch AS a\nFROM a AS a\nFROM a');
    expect(stages.map(({ base }) => base)).toEqual([
      { kind: 'scratch' },
      { kind: 'stage', index: 0 },
      { kind: 'stage', index: 1 },
    ]);
    expect(source('A')).toEqual({ kind: 'stage', index: 1 });
  });

  test('COPY --from: number, name, image', () => {
    const { source, mountSource } = plan('FROM scratch AS a\nFROM scratch');
    expect(source('1')).toEqual({ kind: 'stage', index: 1 });
    expect(source('a')).toEqual({ kind: 'stage', index: 0 });
    expect(source('debian:13')).toEqual({ kind: 'image', reference: 'debian:13' });
    expect(mountSource('1')).toEqual({ kind: 'image', reference: '1' });
  });

  test('labels, empty when there is one stage', () => {
    expect(plan('FROM a\nFROM b AS X').stages.map(({ label }) => label)).toEqual(['stage-0', 'x']);
    expect(plan('FROM a AS x').stages.map(({ label }) => label)).toEqual(['']);
  });
});

describe('what is refused, in Docker’s words', () => {
  test.each([
    ['unknown-target', 'FROM a AS b', 'x', 'target stage "x" could not be found', undefined],
    ['unknown-target', 'FROM a', '0', 'target stage "0" could not be found', undefined],
    ['invalid-stage-index', 'FROM a\nCOPY --from=5 / /', '', 'invalid stage index 5', 2],
    ['invalid-stage-index', 'FROM a\nCOPY --from=-1 / /', '', 'invalid stage index -1', 2],
    [
      'circular-stages',
      'FROM a AS x\nCOPY --from=y / /\nFROM b AS y\nCOPY --from=x / /',
      '',
      'circular dependency detected on stage: x',
      4,
    ],
    [
      'circular-stages',
      'FROM a\nCOPY --from=0 / /',
      '',
      'circular dependency detected on stage: stage-0',
      2,
    ],
    // Also where nobody needs the stages.
    [
      'circular-stages',
      'FROM a AS x\nCOPY --from=x / /\nFROM b',
      '',
      'circular dependency detected on stage: x',
      2,
    ],
    [
      'forward-stage',
      'FROM a AS x\nCOPY --from=y / /\nFROM b AS y',
      'x',
      'cannot copy from stage "y", it needs to be defined before current stage "x"',
      2,
    ],
    ['blank-base', 'ARG v\nFROM a\nFROM $v', '', 'base name ($v) should not be blank', 3],
  ])('%s: %j', (code, source, target, message, line) => {
    let error: unknown;
    try {
      plan(source, target);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code, message });
    const place = error instanceof LocatedError ? error.range.start.line + 1 : undefined;
    expect(place).toBe(line);
  });

  test('a forward reference in a stage nobody needs is none', () => {
    expect(plan('FROM a AS x\nCOPY --from=y / /\nFROM b AS y').needed).toEqual([1]);
  });
});

test('ten thousand stages in a row', () => {
  const stages = Array.from({ length: 10_000 }, (_, i) => `FROM s${i} AS s${i + 1}`).join('\n');
  expect(plan(`FROM scratch AS s0\n${stages}`).needed).toHaveLength(10_001);
});
