import { describeProof } from '../../testing/lab-proof.ts';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { standInsLoaded } from '../../testing/stand-ins.ts';
import { openProofEngine } from './proof-engines.ts';

await describeProof('docker', {
  async open() {
    await standInsLoaded();
    return openProofEngine('docker');
  },
  reason: realDocker() ? undefined : NO_DOCKER,
  // It starts containers and writes images to the disk, and mostly waits.
  together: 3,
});
