import { env } from 'node:process';
import { describe } from 'vitest';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { describeEngine } from '../../verify/contract.ts';
import { dockerEngine } from './engine.ts';

const docker = realDocker();

describe.skipIf(!docker)(`the contract (${NO_DOCKER})`, () => {
  describeEngine('Docker', () =>
    dockerEngine({ env: { ...env, DOCKER_HOST: env['SEMDISTRO_TEST_DOCKER'] } }),
  );
});
