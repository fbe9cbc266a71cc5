import type { Lab } from '../../labs/lab.ts';
import { remembering } from '../../verify/remembering.ts';
import { verify } from '../../verify/runner.ts';
import {
  casesOf,
  prove,
  proveTwice,
  type ProofCase,
  type ProofRun,
  type RunChecks,
} from './proof.ts';
import type { ProofEngine } from './proof-engines.ts';
import { inSession } from './proof-session.ts';
import type { ProofCell, ProofRow } from './proof-table.ts';

/** Where an answer is verified, and who acts it out; the caller closes it. */
export type Proving = Pick<ProofEngine, 'engine' | 'actor'>;

export interface ProofPlan {
  readonly labs: readonly Lab[];
  /** By the name of their column. */
  readonly engines: ReadonlyMap<string, Proving>;
  /** Cases by name; all when missing. */
  readonly cases?: readonly string[] | undefined;
  /** Each answer is verified once instead of twice. */
  readonly once: boolean;
  readonly signal: AbortSignal;
  readonly onCase: (engine: string, lab: Lab, one: ProofCase, cell: ProofCell) => void;
}

/** Engine by engine, one answer after the other: two at once would fight for the same processor. */
export async function runProof(plan: ProofPlan): Promise<readonly ProofRow[]> {
  const rows = plan.labs.flatMap((lab) =>
    casesOf(lab)
      .filter(({ name }) => plan.cases?.includes(name) ?? true)
      .map((one) => ({ lab, one, cells: new Map<string, ProofCell>() })),
  );
  for (const [name, engine] of plan.engines) {
    for (const { lab, one, cells } of rows) {
      const cell = cellOf(await proveCase(lab, one, engine, plan));
      cells.set(name, cell);
      plan.onCase(name, lab, one, cell);
    }
  }
  return rows.map(({ lab, one, cells }) => ({ lab: lab.slug, name: one.name, cells }));
}

/** One answer on one engine. Rejects with EngineTrouble when the engine is gone or `signal` aborts. */
export async function proveCase(
  lab: Lab,
  one: ProofCase,
  { engine, actor }: Proving,
  { once, signal }: Pick<ProofPlan, 'once' | 'signal'>,
): Promise<readonly ProofRun[]> {
  const only = upToFailure(lab, one);
  const run: RunChecks = async (nonce) => {
    // Who does a live lab is watched all the time.
    const watching = lab.manifest.live ? await remembering(engine) : undefined;
    const scene = { lab, variant: one.variant, nonce, actor, signal };
    return inSession(scene, async (folder) => {
      await watching?.settled();
      const what = { engine: watching ?? engine, folder, nonce, signal };
      const report = await verify(lab.verifier, { ...what, ...(only && { only }) });
      // A wrong answer that passes so far: where it fails instead is what its author wants to know.
      return only && report.status === 'pass' ? verify(lab.verifier, what) : report;
    }).finally(() => watching?.forget());
  };
  return once ? [await prove(lab, one, run)] : proveTwice(lab, one, run);
}

/** What comes after the check that must fail says nothing of a wrong answer, and may take long. */
function upToFailure(lab: Lab, { fails }: ProofCase): readonly string[] | undefined {
  if (!fails) return undefined;
  const ids = lab.verifier.checks.map(({ id }) => id);
  return ids.slice(0, ids.indexOf(fails.check) + 1);
}

function cellOf(runs: readonly ProofRun[]): ProofCell {
  return {
    seconds: runs.map(({ report }) => report.seconds),
    problems: runs.flatMap(({ problems }) => problems),
  };
}
