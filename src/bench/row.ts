/** One row of `.cache/bench.json`. */
export interface Row {
  /** Stable over time: what a later run is compared by. */
  readonly id: string;
  readonly group: string;
  readonly name: string;
  /** Median of the runs; null when it could not be measured, and `reason` says why. */
  readonly value: number | null;
  readonly unit: Unit;
  /** Median of what the same run measured of the thing compared with. */
  readonly reference: number | null;
  /** value over reference. */
  readonly ratio: number | null;
  /** As in `value < 150000` or `ratio <= 1`. */
  readonly goal: string | null;
  /** Null without a goal, and when it could not be measured. */
  readonly met: boolean | null;
  /** Smallest and largest run. */
  readonly spread: readonly [number, number] | null;
  readonly referenceSpread: readonly [number, number] | null;
  /** Why there is no value, or no reference where one is compared with. */
  readonly reason: string | null;
}

export type Unit = 'ms' | 'B';

export interface Goal {
  readonly of: 'value' | 'ratio';
  readonly is: '<' | '<=';
  readonly limit: number;
}

/** What a group reports about one thing it measured; the numbers are one per run. */
export interface Measurement {
  readonly id: string;
  readonly name: string;
  readonly unit: Unit;
  /** Empty when it could not be measured: then `reason` is needed. */
  readonly runs: readonly number[];
  readonly reference?: readonly number[];
  readonly goal?: Goal;
  readonly reason?: string;
}

export function rowOf(group: string, measured: Measurement): Row {
  const { id, name, unit, runs, reference = [], goal, reason } = measured;
  if (runs.length === 0 && reason === undefined) throw new Error(`${id}: no value and no reason`);
  const value = median(runs);
  const compared = median(reference);
  const ratio = value === null || compared === null || compared === 0 ? null : value / compared;
  return {
    ...{ id, group, name, value, unit, reference: compared, ratio },
    goal: goal === undefined ? null : `${goal.of} ${goal.is} ${goal.limit}`,
    met: goal === undefined ? null : isMet(goal, goal.of === 'value' ? value : ratio),
    spread: spread(runs),
    referenceSpread: spread(reference),
    reason: reason ?? null,
  };
}

function isMet({ is, limit }: Goal, value: number | null): boolean | null {
  if (value === null) return null;
  return is === '<' ? value < limit : value <= limit;
}

/** The middle one, or the mean of the two in the middle; null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const low = sorted[Math.ceil(half) - 1];
  const high = sorted[Math.floor(half)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function spread(values: readonly number[]): readonly [number, number] | null {
  return values.length === 0 ? null : [Math.min(...values), Math.max(...values)];
}
