import { describeProof } from '../../testing/lab-proof.ts';
import { hasMachine, NO_MACHINE } from '../../testing/machine.ts';
import { openProofEngine } from './proof-engines.ts';

await describeProof('embedded', {
  open: () => openProofEngine('embedded'),
  reason: hasMachine ? undefined : NO_MACHINE,
});
