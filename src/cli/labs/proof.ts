import type { Lab } from '../../labs/lab.ts';
import { type Dice, drawNonce, fairDice, type Nonce } from '../../labs/nonce.ts';
import type { Says } from '../../labs/schema.ts';
import type { Variant } from '../../labs/variants.ts';
import type { CheckResult, Report } from '../../verify/check.ts';
import { LANGUAGES } from '../../verify/words.ts';

/** One answer of a lab and what must become of it. */
export interface ProofCase {
  /** `start`, `solution`, `wrong/<name>`. */
  readonly name: string;
  readonly variant: Variant;
  /** Where it must fail, and what is said there; undefined when it must pass. */
  readonly fails: { readonly check: string; readonly says: Says } | undefined;
}

/** One verification of one answer. */
export interface ProofRun {
  readonly report: Report;
  /** All values of the run, to tell it from the next. */
  readonly nonce: Nonce;
  /** How it disagrees with the lab; empty when the lab is right. */
  readonly problems: readonly string[];
}

/** What runs the checks: `verify` with an engine, on the answer with these values. */
export type RunChecks = (nonce: Nonce) => Promise<Report>;

/** Of a playground there are none. */
export function casesOf(lab: Lab): readonly ProofCase[] {
  const { start, wrong } = lab.manifest;
  if (lab.verifier.checks.length === 0) return [];
  return [
    { name: 'start', variant: 'start', fails: start },
    { name: 'solution', variant: 'solution', fails: undefined },
    ...Object.entries(wrong).map(([name, fails]) => ({
      ...{ name: `wrong/${name}`, variant: name, fails },
    })),
  ];
}

/** Verifies one answer as a learner would, with values unlike those of `before`. */
export async function prove(
  lab: Lab,
  one: ProofCase,
  run: RunChecks,
  { before, dice = fairDice }: { readonly before?: Nonce | undefined; readonly dice?: Dice } = {},
): Promise<ProofRun> {
  const nonce = otherNonce(lab, before, dice);
  const report = await run(nonce);
  return { report, nonce, problems: disagreements(lab, one, report) };
}

/** Two verifications in a row, the second with other values. Stops after the first that disagrees. */
export async function proveTwice(
  lab: Lab,
  one: ProofCase,
  run: RunChecks,
): Promise<readonly ProofRun[]> {
  const first = await prove(lab, one, run);
  if (first.problems.length > 0) return [first];
  return [first, await prove(lab, one, run, { before: first.nonce })];
}

/** A list of two has but two orders: enough tries that the same one again means that there is no other. */
function otherNonce(lab: Lab, before: Nonce | undefined, dice: Dice): Nonce {
  let nonce: Nonce = {};
  for (let i = 0; i < 100; i++) {
    nonce = { ...drawNonce(lab.manifest, 'start', dice), ...drawNonce(lab.manifest, 'run', dice) };
    if (JSON.stringify(nonce) !== JSON.stringify(before)) break;
  }
  return nonce;
}

function disagreements(lab: Lab, one: ProofCase, report: Report): readonly string[] {
  const problems = report.checks
    .filter(({ status }) => status === 'broken')
    .map((check) => `${check.id} is broken: ${toldBy(check, 'en')}`);
  if (problems.length > 0) return problems;
  const hints = new Set(lab.manifest.hints.map(({ id }) => id));
  const unknown = report.checks.flatMap(({ id, hint }) =>
    hint === undefined || hints.has(hint)
      ? []
      : [`${id} names the hint ${hint}, which lab.yaml does not have`],
  );
  return [...unknown, ...(one.fails ? notFailing(lab, one.fails, report) : notPassing(report))];
}

function notPassing({ checks }: Report): readonly string[] {
  const failed = checks.find(({ status }) => status === 'fail');
  if (failed) return [`must pass, but ${failed.id} fails: ${toldBy(failed, 'en')}`];
  return checks.some(({ status }) => status === 'pass') ? [] : ['not one check passed'];
}

function notFailing(
  { manifest }: Lab,
  { check: id, says }: NonNullable<ProofCase['fails']>,
  { checks }: Report,
): readonly string[] {
  const first = checks.find(({ status }) => status === 'fail');
  if (!first) {
    const skipped = checks.find((check) => check.id === id && check.status === 'skip');
    const why = skipped ? `: it was skipped, ${toldBy(skipped, 'en')}` : '';
    return [`must fail at ${id}, but no check fails${why}`];
  }
  if (first.id !== id) {
    return [`must fail at ${id}, but ${first.id} fails first: ${toldBy(first, 'en')}`];
  }
  if (first.hint === undefined && !manifest.hints.some((hint) => hint.check === id)) {
    return [`${id} has no hint in lab.yaml, and names none`];
  }
  return LANGUAGES.flatMap((language) => {
    const fragment = typeof says === 'string' ? says : says[language];
    const told = toldBy(first, language);
    return told.includes(fragment)
      ? []
      : [`${id} does not say ${JSON.stringify(fragment)} in ${language}: ${told}`];
  });
}

function toldBy({ expected, found }: CheckResult, language: (typeof LANGUAGES)[number]): string {
  return [expected && `expected ${expected[language]}`, found && `found ${found[language]}`]
    .filter((text) => text !== undefined)
    .join(' · ');
}
