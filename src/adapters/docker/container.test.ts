import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { standInsLoaded } from '../../testing/stand-ins.ts';
import { connect } from './connect.ts';
import { openContainer } from './container.ts';
import { readStreams } from './streams.ts';

const docker = realDocker();
const QUIET = { stdout: '', stderr: '' };

describe.skipIf(!docker)(`what a container printed (${NO_DOCKER})`, () => {
  beforeAll(() => standInsLoaded(['busybox']), 900_000);

  it.each([
    ['both streams', 'echo out; echo err >&2', { stdout: 'out\n', stderr: 'err\n' }],
    ['nothing', 'true', QUIET],
  ])(
    'is in its log when an attached connection never said it: %s',
    async (_, script, expected) => {
      const env = { ...process.env, DOCKER_HOST: process.env['SEMDISTRO_TEST_DOCKER'] };
      const connection = await connect({ env });
      const handle = await connection.docker.createContainer({
        ...{ Image: 'busybox:1.37', Cmd: ['sh', '-c', script] },
      });
      const container = openContainer(connection, handle, readStreams(new PassThrough()));
      try {
        await handle.start();
        expect(await container.wait(20_000)).toBe(0);
        expect(await container.logs()).toEqual(expected);
      } finally {
        await container.remove();
      }
    },
    60_000,
  );
});
