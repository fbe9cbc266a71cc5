import type { PublishedPort } from '../containers/ports.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { ProcessHost, Published } from '../process/host.ts';
import { type PortMapping, hostPorts } from './port-specs.ts';

/** Where Docker looks for a port when it may be any, as Linux does. */
const ANY = { first: 32768, last: 60999 };
const EVERYWHERE = '0.0.0.0';

interface Taken {
  readonly ip: string;
  readonly port: number;
}

interface Ports {
  readonly taken: Set<Taken>;
  /** The last that was given where it might be any. */
  last: number;
}

const engines = new WeakMap<Engine, Ports>();

/** Ports of a container that are open outside. */
export interface OpenPorts {
  readonly ports: readonly PublishedPort[];
  /** Closes them all. */
  close(): Promise<void>;
}

/**
 * Opens ports of the machine that lead to a container, all or none. Errors: `port-taken`, in
 * Docker's words.
 */
export async function openPorts(
  engine: Engine,
  host: ProcessHost,
  address: string,
  mappings: readonly PortMapping[],
): Promise<OpenPorts> {
  const open: { readonly port: PublishedPort; close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const one of open.splice(0)) await one.close();
  };
  try {
    for (const mapping of mappings) open.push(await openOne(engine, host, address, mapping));
  } catch (error) {
    await close();
    throw error;
  }
  return { ports: open.map(({ port }) => port), close };
}

async function openOne(
  engine: Engine,
  host: ProcessHost,
  address: string,
  mapping: PortMapping,
): Promise<{ readonly port: PublishedPort; close(): Promise<void> }> {
  const ip = mapping.hostIp === '' ? EVERYWHERE : mapping.hostIp;
  const { taken } = portsOf(engine);
  const candidates = candidatesOf(engine, mapping);
  let failure: EngineError | undefined;
  for (const number of candidates) {
    const mine: Taken = { ip, port: number };
    const others = [...taken].filter(({ port }) => port === number);
    if (others.some((other) => other.ip === ip)) {
      failure ??= allocated(ip, number);
      continue;
    }
    if (others.some((other) => other.ip === EVERYWHERE || ip === EVERYWHERE)) {
      failure ??= inUse(ip, number);
      continue;
    }
    taken.add(mine);
    try {
      const published = await listen(host, address, { mapping, ip, number });
      return {
        port: { port: mapping.port, hostIp: ip, hostPort: String(number) },
        async close() {
          taken.delete(mine);
          try {
            await published?.release();
          } catch (error) {
            // With the machine gone nothing listens any more.
            if (!(error instanceof EngineError)) throw error;
          }
        },
      };
    } catch (error) {
      taken.delete(mine);
      if (!(error instanceof EngineError) || error.code !== 'port-taken') throw error;
      failure ??= inUse(ip, number);
    }
  }
  throw failure ?? new EngineError('port-taken', 'all ports are allocated');
}

/** The numbers to try, in order; of a range and of any, a taken one leads to the next. */
function* candidatesOf(engine: Engine, mapping: PortMapping): Iterable<number> {
  const wanted = hostPorts(mapping);
  if (wanted) {
    for (let port = wanted.first; port <= wanted.last; port++) yield port;
    return;
  }
  const ports = portsOf(engine);
  for (let tries = ANY.last - ANY.first; tries >= 0; tries--) {
    ports.last = ports.last >= ANY.last ? ANY.first : ports.last + 1;
    yield ports.last;
  }
}

async function listen(
  host: ProcessHost,
  address: string,
  {
    mapping,
    ip,
    number,
  }: { readonly mapping: PortMapping; readonly ip: string; readonly number: number },
): Promise<Published | undefined> {
  return host.publish?.({
    ...{ hostIp: ip, hostPort: number, address },
    ...{ port: parseInt(mapping.port, 10), protocol: 'tcp' },
  });
}

function portsOf(engine: Engine): Ports {
  const ports = engines.get(engine) ?? { taken: new Set(), last: ANY.first - 1 };
  engines.set(engine, ports);
  return ports;
}

function allocated(ip: string, port: number): EngineError {
  return new EngineError('port-taken', `Bind for ${ip}:${port} failed: port is already allocated`);
}

function inUse(ip: string, port: number): EngineError {
  return new EngineError(
    'port-taken',
    `Error starting userland proxy: listen tcp4 ${ip}:${port}: bind: address already in use`,
  );
}
