import type { Lab } from '../../labs/lab.ts';
import {
  isPassed,
  LONGEST_NOTE,
  type StepMark,
  type StepMarks,
  withPassed,
} from '../../labs/steps.ts';
import type { CheckResult } from '../../verify/check.ts';
import type { Desk } from './desk.ts';
import { type LabProgress, readProgress, updateProgress } from './progress.ts';

/** What was done of a live lab, and what was skipped. */
export async function stepsOf({ home }: Desk, { slug }: Lab): Promise<StepMarks> {
  return marksIn((await readProgress(home)).get(slug));
}

/** Remembers what has passed now, for good; the lab is passed with its last step. */
export async function keepSteps(
  desk: Desk,
  lab: Lab,
  results: readonly CheckResult[],
): Promise<StepMarks> {
  const at = desk.now().toISOString();
  return change(desk, lab, (marks) => withPassed(marks, results, at));
}

/** A step is left out; one that was done stays done. */
export async function skipSteps(
  desk: Desk,
  lab: Lab,
  ids: readonly string[],
  note: string,
): Promise<StepMarks> {
  const at = desk.now().toISOString();
  return change(desk, lab, (marks) => {
    const left = ids.filter((id) => marks[id]?.state !== 'done');
    const skipped = { state: 'skipped', at, note: note.slice(0, LONGEST_NOTE) } as const;
    return { ...marks, ...Object.fromEntries(left.map((id) => [id, skipped])) };
  });
}

/** It begins anew. */
export async function forgetSteps(desk: Desk, lab: Lab): Promise<void> {
  await change(desk, lab, () => ({}));
}

async function change(
  desk: Desk,
  lab: Lab,
  how: (marks: StepMarks) => StepMarks,
): Promise<StepMarks> {
  let marks: StepMarks = {};
  await updateProgress(desk.home, lab.slug, (before): LabProgress => {
    marks = how(marksIn(before));
    const passed = isPassed(lab.verifier.checks, marks);
    return {
      ...before,
      steps: marks,
      ...(passed && { passed: before.passed ?? desk.now().toISOString() }),
    };
  });
  return marks;
}

/** What JSON has as missing, the types have as missing. */
function marksIn(progress: LabProgress | undefined): StepMarks {
  const marks: Record<string, StepMark> = {};
  for (const [id, mark] of Object.entries(progress?.steps ?? {})) {
    if (mark.state === 'skipped') marks[id] = mark;
    else marks[id] = { state: 'done', at: mark.at, ...(mark.found && { found: mark.found }) };
  }
  return marks;
}
