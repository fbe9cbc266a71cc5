import type { EngineError } from '../../engine/errors.ts';
import { patternMatcher } from '../../engine/dockerfile/pattern-matcher.ts';
import type { Lab } from '../../labs/lab.ts';
import { drawNonce, type Nonce } from '../../labs/nonce.ts';
import { plantedFiles, startNames } from '../../labs/variants.ts';
import type { Check, CheckResult, Report } from '../../verify/check.ts';
import type { Engine, EngineTrouble } from '../../verify/engine.ts';
import { type Folder, withFiles } from '../../verify/folder.ts';
import { verify } from '../../verify/runner.ts';
import type { Desk } from './desk.ts';
import type { ReadFolder } from './folder.ts';
import { type LabProgress, updateProgress } from './progress.ts';
import { wordsOfTrouble } from './trouble.ts';

export interface Verification {
  readonly lab: Lab;
  readonly engine: Engine;
  readonly folder: Folder;
  /** Values that were drawn when the folder was made. */
  readonly nonce: Nonce;
  readonly only?: readonly string[];
  readonly signal: AbortSignal;
  readonly onStart?: (check: Check) => void;
  readonly onResult?: (result: CheckResult) => void;
}

/** The learner's files as they are now. `.dockerignore` does not hide what the lab gave out. */
export async function readAnswer(desk: Desk, lab: Lab, dir: string): Promise<ReadFolder> {
  const editable = patternMatcher(lab.manifest.edit);
  return desk.readFolder(dir, (path) => lab.start.has(path) || editable.match(path).matched);
}

/** One run of a lab's checks, with values of its own. Rejects with EngineTrouble `interrupted`. */
export async function runVerification(verification: Verification): Promise<Report> {
  const { lab, engine, folder, only, signal, onStart, onResult } = verification;
  const nonce = { ...verification.nonce, ...drawNonce(lab.manifest, 'run') };
  return verify(lab.verifier, {
    ...{ engine, folder: withFiles(folder, plantedFiles(lab, nonce)), nonce, signal },
    ...(only && { only }),
    ...(onStart && { onStart }),
    ...(onResult && { onResult }),
  });
}

/** Whether a folder lacks values that `start` would have drawn for it. */
export function lacksValues(lab: Lab, nonce: Nonce): boolean {
  return startNames(lab.manifest).some((name) => !Object.hasOwn(nonce, name));
}

/** The hint that a result names: its own, or the first of its check. */
export function hintFor({ manifest }: Lab, { id, hint }: CheckResult): string | undefined {
  return hint ?? manifest.hints.find(({ check }) => check === id)?.id;
}

/** What no check could come to, as nothing could be checked: all of them broken, for the same reason. */
export function brokenReport(
  checks: readonly Check[],
  trouble: EngineTrouble | EngineError,
): Report {
  const { found, advice } = wordsOfTrouble(trouble);
  return {
    status: 'broken',
    seconds: 0,
    checks: checks.map(({ id, title }) => ({
      ...{ id, title, status: 'broken', found, seconds: 0 },
      ...(advice && { advice }),
    })),
  };
}

/** Remembers a verdict. A part of the checks may fail a lab, but not pass it. */
export async function rememberVerdict(
  desk: Desk,
  lab: Lab,
  report: Report,
  isWhole: boolean,
): Promise<void> {
  const at = desk.now().toISOString();
  const failed = report.checks.filter(({ status }) => status === 'fail');
  const hint = failed[0] && hintFor(lab, failed[0]);
  const passes = report.status === 'pass' && isWhole && report.checks.length > 0;
  // What the rest of the checks came to is still true.
  const keepsLast = !isWhole && report.status === 'pass';
  await updateProgress(desk.home, lab.slug, (before): LabProgress => ({
    ...before,
    runs: before.runs + (report.status === 'broken' ? 0 : 1),
    ...(passes && { passed: before.passed ?? at }),
    ...(!keepsLast && {
      last: {
        ...{ at, status: report.status, failed: failed.map(({ id }) => id) },
        ...(hint !== undefined && { hint }),
      },
    }),
  }));
}
