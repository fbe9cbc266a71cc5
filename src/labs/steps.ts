import type { CheckResult, Report } from '../verify/check.ts';
import type { Words } from '../verify/words.ts';

/**
 * What became of a step of a live lab: its checks are steps, done for good once they passed, whatever
 * becomes of the containers that showed it; and what cannot be done may be skipped.
 */
export type StepMark =
  | {
      readonly state: 'done';
      /** ISO 8601. */
      readonly at: string;
      /** What showed it. */
      readonly found?: Words;
    }
  | { readonly state: 'skipped'; readonly at: string; readonly note: string };

/** By the check's id. */
export type StepMarks = Readonly<Record<string, StepMark>>;

/** A note is a sentence or two; what is longer is cut. */
export const LONGEST_NOTE = 500;

/** What may have done a step: something that happened in the engine, or a file that was saved. */
export type Occasion = 'engine' | 'files';

interface Step {
  readonly id: string;
  /** As of a check. */
  readonly live?: boolean;
}

/** The steps that are worth a look: those of that kind that were not done, and were not skipped. */
export function stepsToLookAt(
  steps: readonly Step[],
  marks: StepMarks,
  occasions: readonly Occasion[],
): readonly string[] {
  return steps
    .filter(
      ({ id, live }) => marks[id] === undefined && occasions.includes(live ? 'engine' : 'files'),
    )
    .map(({ id }) => id);
}

/** With what has passed now. One that was skipped before is done. */
export function withPassed(
  marks: StepMarks,
  results: readonly CheckResult[],
  at: string,
): StepMarks {
  const done = results
    .filter(({ id, status }) => status === 'pass' && marks[id]?.state !== 'done')
    .map(({ id, found }) => [id, { state: 'done', at, ...(found && { found }) }] as const);
  return { ...marks, ...Object.fromEntries<StepMark>(done) };
}

/** Both: what was done in one is done, as early as it was. */
export function mergedMarks(a: StepMarks, b: StepMarks): StepMarks {
  const marks: Record<string, StepMark> = { ...a };
  for (const [id, theirs] of Object.entries(b)) {
    const ours = marks[id];
    if (!ours || isBetter(theirs, ours)) marks[id] = theirs;
  }
  return marks;
}

function isBetter(a: StepMark, b: StepMark): boolean {
  if (a.state !== b.state) return a.state === 'done';
  return Date.parse(a.at) < Date.parse(b.at);
}

export interface StepCounts {
  readonly done: number;
  readonly skipped: number;
  readonly left: number;
}

export function countSteps(
  steps: readonly { readonly id: string }[],
  marks: StepMarks,
): StepCounts {
  const counts = { done: 0, skipped: 0, left: 0 };
  for (const { id } of steps) counts[marks[id]?.state ?? 'left']++;
  return counts;
}

/** A live lab is passed when every step was done; with one that was skipped it is not, and may still be. */
export function isPassed(steps: readonly { readonly id: string }[], marks: StepMarks): boolean {
  return steps.length > 0 && steps.every(({ id }) => marks[id]?.state === 'done');
}

/** The same result; of a step that was done before, what showed it then. */
export function asMarked(result: CheckResult, marks: StepMarks): CheckResult {
  const mark = marks[result.id];
  if (mark?.state !== 'done' || result.status === 'pass') return result;
  const { id, title, seconds } = result;
  return { id, title, status: 'pass', seconds, ...(mark.found && { found: mark.found }) };
}

/** A report of a live lab: with what was done before, and passed only when every step was done. */
export function withMarks(report: Report, marks: StepMarks): Report {
  const checks = report.checks.map((result) => asMarked(result, marks));
  const all = checks.every(({ status }) => status === 'pass');
  const broken = checks.some(({ status }) => status === 'broken');
  return { ...report, checks, status: broken ? 'broken' : all ? 'pass' : 'fail' };
}
