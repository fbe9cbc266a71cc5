import { expect, test } from 'vitest';
import { EngineError } from '../../engine/errors.ts';
import type { HostPort } from '../../engine/process/host.ts';
import { dialPort, publishPort } from './ports.ts';

const PORT: HostPort = {
  ...{ hostIp: '0.0.0.0', hostPort: 8080, address: '172.17.0.2', port: 80, protocol: 'tcp' },
};

const refusing = (message: string) => ({ listen: () => Promise.reject(new Error(message)) });

test('a port is published until it is released, also by a machine that is gone by then', async () => {
  const places: unknown[] = [];
  const published = await publishPort(
    {
      async listen(...given) {
        places.push(...given.map(({ address, port }) => `${address.join('.')}:${port}`));
        return { release: () => Promise.reject(new Error('the machine stopped')) };
      },
    },
    { ...PORT, hostIp: '' },
  );
  expect(places).toEqual(['0.0.0.0:8080', '172.17.0.2:80']);
  await published.release();
});

test.each([
  ['EADDRINUSE', 'port-taken', 'listen tcp4 0.0.0.0:8080: bind: address already in use'],
  [
    'EADDRNOTAVAIL',
    'port-unavailable',
    'listen tcp4 0.0.0.0:8080: bind: cannot assign requested address',
  ],
  ['EMFILE', 'port-unavailable', 'listen tcp4 0.0.0.0:8080: listen: EMFILE'],
])('that cannot be for %s says so as Docker does', async (errno, code, message) => {
  const failure = { code, message, exitCode: 125 };
  await expect(publishPort(refusing(`listen: ${errno}`), PORT)).rejects.toMatchObject(failure);
});

test.each([{ hostIp: '::1' }, { hostPort: 0 }, { port: 65536 }])('%j is no place', async (odd) => {
  const failure = { code: 'port-unavailable' };
  await expect(publishPort(refusing(''), { ...PORT, ...odd })).rejects.toMatchObject(failure);
});

test('a place where nobody answers refuses; a machine that ended says that', async () => {
  const agent = (error: Error) => ({ connect: () => Promise.reject(error) });
  await expect(dialPort(agent(new Error('connect: ECONNREFUSED')), 80)).rejects.toMatchObject({
    code: 'connection-refused',
    message: 'nothing answers at 127.0.0.1:80 in the machine',
  });
  const stopped = new EngineError('machine-stopped', 'it stopped');
  await expect(dialPort(agent(stopped), 80)).rejects.toBe(stopped);
});
