import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labSlugs, loadLab } from '../cli/labs/find.ts';
import { openProofEngine, type ProofEngine } from '../cli/labs/proof-engines.ts';
import { runProof } from '../cli/labs/proof-run.ts';
import type { ProofRow } from '../cli/labs/proof-table.ts';
import { parseDockerfile } from '../engine/dockerfile/parse.ts';
import type { Lab } from '../labs/lab.ts';
import { layered } from '../labs/variants.ts';
import { hasMachine, NO_MACHINE } from '../testing/machine.ts';
import { NO_DOCKER, realDocker } from '../testing/real-docker.ts';
import { textOf } from '../verify/folder.ts';
import type { Group } from './group.ts';
import { watchTimes } from './labs-watch.ts';
import type { Measurement } from './row.ts';

/** The whole proof: every answer of every lab, twice, on both engines one after the other. */
const PROOF_MS = 12 * 60 * 1000;

export const labs: Group = {
  name: 'labs',
  about: 'The labs prove themselves; Docker to compare with',
  async *measure() {
    if (!hasMachine) throw new Error(NO_MACHINE);
    const all = await Promise.all((await labSlugs()).map((slug) => loadLab(slug)));
    const checked = all.filter(({ verifier }) => verifier.checks.length > 0);
    const home = mkdtempSync(join(tmpdir(), 'semdistro-bench-'));
    try {
      yield* measureIn(home, checked);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

/** With a store that is empty at first. */
async function* measureIn(home: string, checked: readonly Lab[]): AsyncGenerator<Measurement> {
  const ours = await proofOn(() => openProofEngine('embedded', home), checked);
  const theirs = realDocker() ? await proofOn(() => openProofEngine('docker'), checked) : undefined;
  for (const lab of checked) yield* solutionRows(lab, ours, theirs);
  const total = ours.ms + (theirs?.ms ?? 0);
  yield {
    ...{ id: 'labs.proof', name: `the whole proof, ${ours.rows.length} cases twice` },
    ...{ unit: 'ms', runs: [total], goal: { of: 'value', is: '<=', limit: PROOF_MS } },
  };
  yield* watchTimes(home);
}

interface Proof {
  readonly rows: readonly ProofRow[];
  readonly ms: number;
}

async function proofOn(open: () => Promise<ProofEngine>, checked: readonly Lab[]): Promise<Proof> {
  const began = performance.now();
  const proving = await open();
  try {
    const rows = await runProof({
      ...{ labs: checked, engines: new Map([[proving.engine.kind, proving]]), once: false },
      ...{ signal: new AbortController().signal, onCase: () => undefined },
    });
    return { rows, ms: performance.now() - began };
  } finally {
    await proving.close();
  }
}

function* solutionRows(lab: Lab, ours: Proof, theirs: Proof | undefined): Generator<Measurement> {
  const of = (proof: Proof | undefined): readonly number[] => {
    const row = proof?.rows.find(({ lab: slug, name }) => slug === lab.slug && name === 'solution');
    return [...(row?.cells.values() ?? [])].flatMap(({ seconds }) => seconds.map((s) => s * 1000));
  };
  const [first, again, reference] = [of(ours).slice(0, 1), of(ours).slice(1), of(theirs).slice(1)];
  const { slug } = lab;
  // No reference: what a Docker has in its cache from before is nobody's to remove.
  yield {
    ...{ id: `labs.first-${slug}`, name: `${slug}: verify the solution, first`, unit: 'ms' },
    runs: first,
  };
  yield {
    ...{ id: `labs.again-${slug}`, name: `${slug}: verify the solution again`, unit: 'ms' },
    ...{ runs: again, reference, ...(!theirs && { reason: NO_DOCKER }) },
    ...(!compiles(lab) && { goal: { of: 'ratio', is: '<=', limit: 3 } }),
  };
}

/** Whether something is run while the solution is built. */
function compiles(lab: Lab): boolean {
  const folder = layered(lab, 'solution');
  return [...folder.keys()]
    .filter((path) => /Dockerfile$/.test(path))
    .flatMap((path) => parseDockerfile(textOf(folder, path) ?? '').dockerfile?.stages ?? [])
    .some(({ instructions }) => instructions.some(({ kind }) => kind === 'run'));
}
