import { env } from 'node:process';
import { describe } from 'vitest';
import { dockerAt } from '../../testing/real-docker.ts';
import { describeEngine } from '../../verify/contract.ts';
import { dockerEngine } from './engine.ts';

/** A Podman's socket, which has the stand-ins under upstream's names. */
const HOST = env['SEMDISTRO_TEST_PODMAN'] ?? '';

describe.skipIf(HOST === '')('the contract (needs a Podman: SEMDISTRO_TEST_PODMAN)', () => {
  describeEngine(
    'Podman',
    () => dockerEngine({ choice: 'podman', env: { CONTAINER_HOST: HOST } }),
    (args) => dockerAt(HOST).run(args),
  );
});
