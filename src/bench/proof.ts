import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProofEngine } from '../cli/labs/proof-engines.ts';
import { hasMachine, NO_MACHINE } from '../testing/machine.ts';
import { realDocker } from '../testing/real-docker.ts';
import type { Group } from './group.ts';
import { checkedLabs, proofOn } from './labs-proof.ts';

/** On both engines, one after the other. */
const LIMIT_MS = 12 * 60 * 1000;

export const proof: Group = {
  name: 'proof',
  about: 'The labs prove themselves: every answer, twice, on every engine (half an hour)',
  async *measure() {
    if (!hasMachine) throw new Error(NO_MACHINE);
    const checked = await checkedLabs();
    const home = mkdtempSync(join(tmpdir(), 'semdistro-bench-'));
    try {
      const ours = await proofOn(() => openProofEngine('embedded', home), checked);
      const theirs = realDocker() && (await proofOn(() => openProofEngine('docker'), checked));
      yield {
        ...{ id: 'proof.whole', name: `the whole proof, ${ours.rows.length} cases twice` },
        ...{ unit: 'ms', runs: [ours.ms + (theirs ? theirs.ms : 0)] },
        goal: { of: 'value', is: '<=', limit: LIMIT_MS },
      };
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};
