import { describeProof } from '../../testing/lab-proof.ts';
import { hasMachine, NO_MACHINE } from '../../testing/machine.ts';
import { openProofEngine } from './proof-engines.ts';

// The other labs are in proof-embedded.second.test.ts: a machine each, side by side.
await describeProof('embedded', {
  open: () => openProofEngine('embedded'),
  reason: hasMachine ? undefined : NO_MACHINE,
  half: 0,
  quick: true,
});
