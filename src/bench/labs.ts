import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProofEngine } from '../cli/labs/proof-engines.ts';
import { parseDockerfile } from '../engine/dockerfile/parse.ts';
import type { Lab } from '../labs/lab.ts';
import { layered } from '../labs/variants.ts';
import { hasMachine, NO_MACHINE } from '../testing/machine.ts';
import { NO_DOCKER, realDocker } from '../testing/real-docker.ts';
import { textOf } from '../verify/folder.ts';
import type { Group } from './group.ts';
import { checkedLabs, type Proof, proofOn } from './labs-proof.ts';
import { watchTimes } from './labs-watch.ts';
import type { Measurement } from './row.ts';

export const labs: Group = {
  name: 'labs',
  about: 'The solution of each lab is verified, and watched; Docker to compare with',
  async *measure() {
    if (!hasMachine) throw new Error(NO_MACHINE);
    const checked = await checkedLabs();
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
  const cases = ['solution'];
  const ours = await proofOn(() => openProofEngine('embedded', home), checked, cases);
  const theirs = realDocker()
    ? await proofOn(() => openProofEngine('docker'), checked, cases)
    : undefined;
  for (const lab of checked) yield* solutionRows(lab, ours, theirs);
  yield* watchTimes(home);
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
