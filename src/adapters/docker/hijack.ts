import type { Duplex } from 'node:stream';
import type { DialOptions } from 'docker-modem';
import type { Connection } from './connect.ts';
import { troubleFrom } from './trouble.ts';

/** A request whose connection is ours once the engine agrees. Errors: EngineTrouble. */
export function hijack(
  { docker }: Connection,
  path: string,
  headers: DialOptions['headers'],
): Promise<Duplex> {
  const options: DialOptions = {
    path,
    method: 'POST',
    hijack: true,
    statusCodes: { 101: true, 200: true },
    ...(headers && { headers }),
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(options, (error: unknown, socket: unknown) => {
      if (isDuplex(socket)) resolve(socket);
      else reject(troubleFrom(error));
    });
  });
}

function isDuplex(value: unknown): value is Duplex {
  return typeof value === 'object' && value !== null && 'write' in value && 'read' in value;
}
