import type { CheckResult, CheckStatus, Report } from '../../verify/check.ts';
import type { Words } from '../../verify/words.ts';
import type { WorkbenchError } from '../port.ts';

/** A check as the panel shows it. */
export interface CheckItem {
  readonly id: string;
  readonly title: Words;
  readonly status: CheckStatus | 'waiting' | 'running';
  /** The last there was; of an earlier run while `old`. */
  readonly result?: CheckResult;
  readonly old: boolean;
}

/** All that is known about a lab's checks. */
export interface CheckState {
  readonly phase: 'idle' | 'running' | 'done' | 'stopped' | 'crashed';
  readonly items: readonly CheckItem[];
  /** Of the last run that came to its end. */
  readonly report?: Report;
  /** Files have changed since the last run began. */
  readonly stale: boolean;
  /** Why a run did not come to its end. */
  readonly error?: WorkbenchError;
}

export type CheckEvent =
  | { readonly kind: 'begin' }
  | { readonly kind: 'start'; readonly id: string }
  | { readonly kind: 'result'; readonly result: CheckResult }
  | { readonly kind: 'end'; readonly report: Report }
  | { readonly kind: 'stop' }
  | { readonly kind: 'crash'; readonly error: WorkbenchError }
  /** Files of the workspace have changed. */
  | { readonly kind: 'files' }
  /** The lab begins anew: nothing is known. */
  | { readonly kind: 'forget' };

export function beforeChecks(
  checks: readonly { readonly id: string; readonly title: Words }[],
): CheckState {
  const items = checks.map(
    ({ id, title }) => ({ id, title, status: 'waiting', old: false }) as const,
  );
  return { phase: 'idle', items, stale: false };
}

export function afterEvent(state: CheckState, event: CheckEvent): CheckState {
  switch (event.kind) {
    case 'begin': {
      const { items } = state;
      // What an earlier run found stays in sight until this one says otherwise.
      return { phase: 'running', items: items.map(aged), stale: false };
    }
    case 'start':
      return {
        ...state,
        items: state.items.map((item) =>
          item.id === event.id ? { ...item, status: 'running' } : item,
        ),
      };
    case 'result':
      return { ...state, items: withResult(state.items, event.result) };
    case 'end': {
      const items = event.report.checks.reduce(withResult, state.items);
      return { ...state, phase: 'done', items, report: event.report };
    }
    case 'stop':
      return { ...state, phase: 'stopped', items: state.items.map(settled) };
    case 'crash':
      return { ...state, phase: 'crashed', items: state.items.map(settled), error: event.error };
    case 'files':
      return state.phase === 'idle' ? state : { ...state, stale: true };
    case 'forget':
      return beforeChecks(state.items);
  }
}

/** The first that does not pass, of the run that is known. */
export function firstTrouble(state: CheckState): CheckResult | undefined {
  return state.report?.checks.find(({ status }) => status === 'fail' || status === 'broken');
}

/** How many came to what. */
export function countsOf(checks: readonly CheckResult[]): Readonly<Record<CheckStatus, number>> {
  const counts = { pass: 0, fail: 0, skip: 0, broken: 0 };
  for (const { status } of checks) counts[status]++;
  return counts;
}

function aged(item: CheckItem): CheckItem {
  return { ...item, status: 'waiting', old: item.result !== undefined };
}

function withResult(items: readonly CheckItem[], result: CheckResult): readonly CheckItem[] {
  const { id, title, status } = result;
  const item: CheckItem = { id, title, status, result, old: false };
  return items.some((one) => one.id === id)
    ? items.map((one) => (one.id === id ? item : one))
    : [...items, item];
}

/** After a run that did not end: what it did not reach is as before it. */
function settled(item: CheckItem): CheckItem {
  return item.status === 'waiting' || item.status === 'running'
    ? { ...item, status: item.result?.status ?? 'waiting' }
    : item;
}
