import { connect } from 'node:net';
import { EngineError } from '../engine/errors.ts';
import type { Duplex } from '../engine/process/host.ts';

/** Connections as `ProcessHost.dial` makes them, to servers of this computer instead of a machine's. */
export async function dialTcp(port: number): Promise<Duplex> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (error) => {
      reject(new EngineError('connection-refused', error.message));
    });
  });
  // Whoever reads is told; without a listener it would end the process.
  socket.on('error', () => undefined);
  return {
    readable: socket,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    end() {
      socket.end();
    },
    close() {
      socket.destroy();
    },
  };
}
