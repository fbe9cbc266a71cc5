import { labSlugs, loadLab } from '../cli/labs/find.ts';
import type { ProofEngine } from '../cli/labs/proof-engines.ts';
import { runProof } from '../cli/labs/proof-run.ts';
import type { ProofRow } from '../cli/labs/proof-table.ts';
import type { Lab } from '../labs/lab.ts';

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
  open: () => Promise<ProofEngine>,
  labs: readonly Lab[],
  cases?: readonly string[],
): Promise<Proof> {
  const began = performance.now();
  const proving = await open();
  try {
    const rows = await runProof({
      ...{ labs, engines: new Map([[proving.engine.kind, proving]]), once: false, cases },
      ...{ signal: new AbortController().signal, onCase: () => undefined },
    });
    return { rows, ms: performance.now() - began };
  } finally {
    await proving.close();
  }
}
