import { describe, expect, it } from 'vitest';
import type { CheckResult, CheckStatus } from '../../verify/check.ts';
import { verbatim } from '../../verify/words.ts';
import {
  afterEvent,
  beforeChecks,
  type CheckEvent,
  type CheckState,
  firstTrouble,
} from './check-state.ts';

const titles = ['builds', 'no-shell', 'runs'].map((id) => ({ id, title: verbatim(id) }));
const result = (id: string, status: CheckStatus): CheckResult => ({
  ...{ id, status, title: verbatim(id), seconds: 1 },
});
const report = (status: 'pass' | 'fail' | 'broken', ...checks: readonly CheckResult[]) => ({
  ...{ status, checks, seconds: 2 },
});
const after = (...events: readonly CheckEvent[]): CheckState =>
  events.reduce(afterEvent, beforeChecks(titles));
const statuses = ({ items }: CheckState): readonly string[] => items.map(({ status }) => status);

describe('what is known about the checks', () => {
  it('is their titles before they run', () => {
    expect(after()).toMatchObject({ phase: 'idle', stale: false });
    expect(statuses(after())).toEqual(['waiting', 'waiting', 'waiting']);
  });

  it('grows with every answer', () => {
    const state = after(
      { kind: 'begin' },
      { kind: 'start', id: 'builds' },
      { kind: 'result', result: result('builds', 'pass') },
      { kind: 'start', id: 'no-shell' },
    );
    expect(state.phase).toBe('running');
    expect(statuses(state)).toEqual(['pass', 'running', 'waiting']);
  });

  it('has the report at the end, and what no result was told of', () => {
    const all = [result('builds', 'pass'), result('no-shell', 'fail'), result('runs', 'skip')];
    const state = after({ kind: 'begin' }, { kind: 'end', report: report('fail', ...all) });
    expect(state).toMatchObject({ phase: 'done', report: { status: 'fail' } });
    expect(statuses(state)).toEqual(['pass', 'fail', 'skip']);
    expect(firstTrouble(state)?.id).toBe('no-shell');
  });

  it('keeps what an earlier run found in sight while the next runs', () => {
    const done = { kind: 'end', report: report('fail', result('builds', 'fail')) } as const;
    const state = after({ kind: 'begin' }, done, { kind: 'begin' });
    expect(state.items[0]).toMatchObject({
      status: 'waiting',
      old: true,
      result: { status: 'fail' },
    });
    expect(state.report).toBeUndefined();
  });

  it('goes back to the earlier answers when a run is stopped', () => {
    const done = { kind: 'end', report: report('fail', result('builds', 'fail')) } as const;
    const state = after(
      { kind: 'begin' },
      done,
      { kind: 'begin' },
      { kind: 'start', id: 'builds' },
      { kind: 'stop' },
    );
    expect(state.phase).toBe('stopped');
    expect(statuses(state)).toEqual(['fail', 'waiting', 'waiting']);
  });

  it('says why a run crashed', () => {
    const error = { code: 'machine-crashed', message: 'gone' };
    expect(after({ kind: 'begin' }, { kind: 'crash', error })).toMatchObject({
      ...{ phase: 'crashed', error },
    });
  });

  it('is stale when files change after a run began, not before one', () => {
    expect(after({ kind: 'files' }).stale).toBe(false);
    expect(after({ kind: 'begin' }, { kind: 'files' }).stale).toBe(true);
    expect(after({ kind: 'begin' }, { kind: 'files' }, { kind: 'begin' }).stale).toBe(false);
  });

  it('has a place for a check that the page did not know of', () => {
    const state = after({ kind: 'begin' }, { kind: 'result', result: result('new', 'pass') });
    expect(state.items.at(-1)).toMatchObject({ id: 'new', status: 'pass' });
  });

  it('is nothing again when the lab begins anew', () => {
    const done = { kind: 'end', report: report('pass', result('builds', 'pass')) } as const;
    expect(after({ kind: 'begin' }, done, { kind: 'forget' })).toEqual(after());
  });
});
