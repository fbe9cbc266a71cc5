import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../verify/check.ts';
import { verbatim } from '../verify/words.ts';
import {
  asMarked,
  countSteps,
  isPassed,
  mergedMarks,
  type StepMark,
  type StepMarks,
  stepsToLookAt,
  withMarks,
  withPassed,
} from './steps.ts';

const STEPS = [
  { id: 'target', live: true },
  { id: 'sidecar', live: true },
  { id: 'stage' },
] as const;
const EARLY = '2026-11-21T10:00:00Z';
const LATE = '2026-11-21T11:00:00Z';
const done = (at: string): StepMark => ({ state: 'done', at });
const skipped = (at: string): StepMark => ({ state: 'skipped', at, note: 'AppArmor' });
const result = (id: string, status: CheckResult['status']): CheckResult => ({
  ...{ id, status, title: verbatim(id), seconds: 0 },
});

describe('which steps are worth a look', () => {
  it.each([
    ['after something happened in the engine', ['engine'], ['target', 'sidecar']],
    ['after a save', ['files'], ['stage']],
    ['at the beginning', ['engine', 'files'], ['target', 'sidecar', 'stage']],
  ] as const)('%s', (_, occasions, expected) => {
    expect(stepsToLookAt(STEPS, {}, occasions)).toEqual(expected);
  });

  it('leaves out what was done, and what was skipped', () => {
    const marks = { target: done(EARLY), sidecar: skipped(EARLY) };
    expect(stepsToLookAt(STEPS, marks, ['engine', 'files'])).toEqual(['stage']);
  });
});

describe('what has passed', () => {
  it('is done, with what showed it, for good', () => {
    const first = withPassed(
      {},
      [{ ...result('target', 'pass'), found: verbatim('cofre') }],
      EARLY,
    );
    expect(first).toEqual({ target: { state: 'done', at: EARLY, found: verbatim('cofre') } });
    expect(withPassed(first, [result('target', 'fail')], LATE)).toEqual(first);
    expect(withPassed(first, [result('target', 'pass')], LATE)).toEqual(first);
  });

  it('is done though it was skipped before', () => {
    const marks = withPassed({ target: skipped(EARLY) }, [result('target', 'pass')], LATE);
    expect(marks).toEqual({ target: done(LATE) });
  });

  it.each(['fail', 'skip', 'broken'] as const)('is not what comes to %s', (status) => {
    expect(withPassed({}, [result('target', status)], EARLY)).toEqual({});
  });
});

describe('marks of two places', () => {
  it.each<[string, StepMark | undefined, StepMark | undefined, StepMark]>([
    ['only in one', done(EARLY), undefined, done(EARLY)],
    ['only in the other', undefined, skipped(LATE), skipped(LATE)],
    ['done later than skipped', skipped(EARLY), done(LATE), done(LATE)],
    ['done earlier', done(LATE), done(EARLY), done(EARLY)],
  ])('%s', (_, a, b, expected) => {
    const marks = (one: StepMark | undefined): StepMarks => (one ? { target: one } : {});
    expect(mergedMarks(marks(a), marks(b))).toEqual({ target: expected });
  });
});

describe('a live lab', () => {
  const all = { target: done(EARLY), sidecar: done(EARLY), stage: done(LATE) };

  it('is passed when every step was done', () => {
    expect(isPassed(STEPS, all)).toBe(true);
    expect(countSteps(STEPS, all)).toEqual({ done: 3, skipped: 0, left: 0 });
  });

  it('is not passed with a step that was skipped, or left', () => {
    expect(isPassed(STEPS, { ...all, stage: skipped(LATE) })).toBe(false);
    expect(isPassed(STEPS, { target: done(EARLY) })).toBe(false);
    expect(countSteps(STEPS, { target: done(EARLY), stage: skipped(LATE) })).toEqual({
      ...{ done: 1, skipped: 1, left: 1 },
    });
  });
});

describe('a report, with what was done before', () => {
  const found = verbatim('seen');
  const marks: StepMarks = { target: { state: 'done', at: EARLY, found }, stage: skipped(EARLY) };

  it('has a step that was done as it was seen then, and leaves the others', () => {
    expect(asMarked(result('target', 'fail'), marks)).toMatchObject({ status: 'pass', found });
    expect(asMarked(result('stage', 'fail'), marks).status).toBe('fail');
    expect(asMarked(result('sidecar', 'skip'), marks).status).toBe('skip');
  });

  it.each([
    ['all', ['fail', 'pass'], 'pass'],
    ['not one that was left out for another', ['fail', 'skip'], 'fail'],
    ['not one that broke', ['pass', 'broken'], 'broken'],
  ] as const)('passes when all were done: %s', (_, [target, sidecar], status) => {
    const checks = [result('target', target), result('sidecar', sidecar)];
    expect(withMarks({ status: 'fail', seconds: 1, checks }, marks).status).toBe(status);
  });
});
