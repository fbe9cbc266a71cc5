import { labSlugs, loadLab } from '../cli/labs/find.ts';
import { runProof } from '../cli/labs/proof-run.ts';
import type { ProofRow } from '../cli/labs/proof-table.ts';
import type { Lab } from '../labs/lab.ts';
import type { Engine } from '../verify/engine.ts';

export async function checkedLabs(): Promise<readonly Lab[]> {
  const all = await Promise.all((await labSlugs()).map((slug) => loadLab(slug)));
  return all.filter(({ verifier }) => verifier.checks.length > 0);
}

export interface Proof {
  readonly rows: readonly ProofRow[];
  readonly ms: number;
}

/** Every answer of every lab, or those of these names, twice, one after the other. */
export async function proofOn(
  open: () => Promise<Engine>,
  labs: readonly Lab[],
  cases?: readonly string[],
): Promise<Proof> {
  const began = performance.now();
  const engine = await open();
  try {
    const rows = await runProof({
      ...{ labs, engines: new Map([[engine.kind, engine]]), once: false, cases },
      ...{ signal: new AbortController().signal, onCase: () => undefined },
    });
    return { rows, ms: performance.now() - began };
  } finally {
    await engine.close();
  }
}
