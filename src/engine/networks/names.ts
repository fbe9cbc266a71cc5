import type { Engine } from '../engine.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { endpointsOf } from './endpoints.ts';
import { leasesIn, leasesOf, renameLease } from './leases.ts';
import type { EndpointRecord, NetworkRecord } from './record.ts';
import { DEFAULT_NETWORK } from './registry.ts';

/** How many digits of a container's ID are a name of it. */
const SHORT_ID = 12;

/** Whether containers in a network know each other by name. */
export function hasNames({ name, driver }: Pick<NetworkRecord, 'name' | 'driver'>): boolean {
  return driver === 'bridge' && name !== DEFAULT_NETWORK;
}

/**
 * What the others in a network know a container by: its name, its aliases, its short ID and its host
 * name; nothing on the default bridge.
 */
export function namesIn(
  network: Pick<NetworkRecord, 'name' | 'driver'>,
  { id, name, config }: Pick<ContainerRecord, 'id' | 'name' | 'config'>,
  { aliases }: Pick<EndpointRecord, 'aliases'>,
): readonly string[] {
  if (!hasNames(network)) return [];
  const all = [name, ...aliases, id.slice(0, SHORT_ID), config.Hostname];
  return [...new Set(all.filter((one) => one !== ''))];
}

/** The others know it by its new name from now on. */
export function renameLeases(engine: Engine, record: ContainerRecord): void {
  for (const lease of leasesOf(engine, record.id)) {
    const endpoint = endpointsOf(record).find((one) => one.network === lease.network.name);
    if (endpoint) renameLease(engine, lease, namesIn(lease.network, record, endpoint));
  }
}

/**
 * The addresses of a name as a container's resolver answers them: of the first of its networks where
 * somebody has the name. `NAME.NETWORK` asks one network alone. Undefined when nobody has it.
 */
export function resolveName(
  engine: Engine,
  container: string,
  question: string,
): readonly string[] | undefined {
  const asked = question.replace(/\.$/, '').toLowerCase();
  for (const { network } of leasesOf(engine, container)) {
    if (!hasNames(network)) continue;
    const suffix = `.${network.name.toLowerCase()}`;
    const wanted = [asked, ...(asked.endsWith(suffix) ? [asked.slice(0, -suffix.length)] : [])];
    const addresses = leasesIn(engine, network.id)
      .filter(({ names }) => names.some((name) => wanted.includes(name.toLowerCase())))
      .flatMap(({ place }) => (place ? [place.address] : []));
    if (addresses.length > 0) return addresses;
  }
  return undefined;
}
