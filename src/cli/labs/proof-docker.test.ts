import { describeProof } from '../../testing/lab-proof.ts';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { openProofEngine } from './proof-engines.ts';

await describeProof('docker', {
  open: () => openProofEngine('docker'),
  reason: realDocker() ? undefined : NO_DOCKER,
});
