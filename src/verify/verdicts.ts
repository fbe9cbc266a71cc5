import type { Verdict } from './check.ts';
import type { Words } from './words.ts';

/** What a check says when an answer is wrong. */
export type Failure = Extract<Verdict, { readonly status: 'fail' }>;

/** The statement holds; `found` is what shows it, where that is worth telling. */
export function pass(found?: Words): Verdict {
  return { status: 'pass', ...(found && { found }) };
}

/** The statement does not hold. `found` names the value that was observed. */
export function fail(failure: Omit<Failure, 'status'>): Failure {
  return { status: 'fail', ...failure };
}

/** The check does not apply here. */
export function skip(why: Words): Verdict {
  return { status: 'skip', why };
}

/** Waits for all and gives the first failure; without one the first `skip`, else the last `pass`. */
export async function firstFailure(
  ...verdicts: readonly (Verdict | Promise<Verdict>)[]
): Promise<Verdict> {
  const all = await Promise.all(verdicts.map((verdict) => Promise.resolve(verdict)));
  return (
    all.find(({ status }) => status === 'fail') ??
    all.find(({ status }) => status === 'skip') ??
    all.at(-1) ??
    pass()
  );
}

/** The same failure with another hint than the first of its check; other verdicts as they are. */
export function withHint(verdict: Verdict, hint: string): Verdict {
  return verdict.status === 'fail' ? { ...verdict, hint } : verdict;
}
