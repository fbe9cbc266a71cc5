import { beforeAll, describe } from 'vitest';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { standInsLoaded } from '../../testing/stand-ins.ts';
import { describeEngine } from '../../verify/contract.ts';
import { dockerEngine } from './engine.ts';

const docker = realDocker();

describe.skipIf(!docker)(`the contract (${NO_DOCKER})`, () => {
  beforeAll(() => standInsLoaded(['busybox', 'distroless/static']), 900_000);
  if (!docker) return;
  describeEngine(
    'Docker',
    () =>
      dockerEngine({ env: { ...process.env, DOCKER_HOST: process.env['SEMDISTRO_TEST_DOCKER'] } }),
    (args) => docker.run(args),
  );
});
