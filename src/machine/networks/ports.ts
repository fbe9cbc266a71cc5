import { EngineError } from '../../engine/errors.ts';
import type { Duplex, HostPort, Published } from '../../engine/process/host.ts';
import type { Agent, Place } from '../channel/port.ts';
import { parseAddress } from './address.ts';

/** As `ProcessHost.publish`, in one life of the machine. */
export async function publishPort(
  agent: Pick<Agent, 'listen'>,
  { hostIp, hostPort, address, port }: HostPort,
): Promise<Published> {
  const at = placeOf(hostIp === '' ? '0.0.0.0' : hostIp, hostPort);
  try {
    const listening = await agent.listen(at, placeOf(address, port));
    return {
      async release() {
        // With the machine the port is gone, too.
        await listening.release().catch(() => undefined);
      },
    };
  } catch (error) {
    throw refused(error, `${hostIp}:${hostPort}`);
  }
}

function refused(error: unknown, place: string): unknown {
  if (error instanceof EngineError || !(error instanceof Error)) return error;
  if (/EADDRINUSE/.test(error.message)) {
    return new EngineError('port-taken', `listen tcp4 ${place}: bind: address already in use`, {
      exitCode: 125,
      cause: error,
    });
  }
  const why = /EADDRNOTAVAIL/.test(error.message)
    ? 'bind: cannot assign requested address'
    : error.message;
  return new EngineError('port-unavailable', `listen tcp4 ${place}: ${why}`, {
    exitCode: 125,
    cause: error,
  });
}

/** As `ProcessHost.dial`. */
export async function dialPort(
  agent: Pick<Agent, 'connect'>,
  port: number,
  address = '127.0.0.1',
): Promise<Duplex> {
  try {
    return await agent.connect(placeOf(address, port));
  } catch (error) {
    if (error instanceof EngineError || !(error instanceof Error)) throw error;
    throw connectionRefused(`${address}:${port}`, error);
  }
}

/** Nobody answers there. */
export function connectionRefused(place: string, cause?: unknown): EngineError {
  return new EngineError('connection-refused', `nothing answers at ${place} in the machine`, {
    ...(cause !== undefined && { cause }),
  });
}

function placeOf(address: string, port: number): Place {
  const bytes = parseAddress(address);
  if (bytes && port > 0 && port < 65536) return { address: bytes, port };
  throw new EngineError('port-unavailable', `${address}:${port} is no place of TCP`, {
    exitCode: 125,
  });
}
