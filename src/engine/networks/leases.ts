import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { type Subnet, formatAddress, lastOf, macOf, parseAddress, parseSubnet } from './address.ts';
import type { AddressPool, EndpointRecord, Lease, NetworkRecord } from './record.ts';

/** By network, then by container: who is where, of the containers that this engine runs. */
const engines = new WeakMap<Engine, Map<string, Map<string, Lease>>>();

/** Who is in a network now, in the order they came. */
export function leasesIn(engine: Engine, network: string): readonly Lease[] {
  return [...(engines.get(engine)?.get(network)?.values() ?? [])];
}

/** What a container has now, in the order of its interfaces. */
export function leasesOf(engine: Engine, container: string): readonly Lease[] {
  const all = [...(engines.get(engine)?.values() ?? [])].flatMap((network) => {
    const lease = network.get(container);
    return lease ? [lease] : [];
  });
  return all.toSorted((a, b) => interfaceNumber(a) - interfaceNumber(b));
}

/**
 * Gives a container a place in a network: the address it asks for, or the first that is free.
 * Errors: `address-taken`, `network-full`, `endpoint-taken`.
 */
export function takeLease(
  engine: Engine,
  network: NetworkRecord,
  member: {
    readonly container: string;
    readonly name: string;
    readonly names: readonly string[];
  },
  { address, mac }: Pick<EndpointRecord, 'address' | 'mac'>,
): Lease {
  const { container, names } = member;
  const networks = engines.get(engine) ?? new Map<string, Map<string, Lease>>();
  engines.set(engine, networks);
  const members = networks.get(network.id) ?? new Map<string, Lease>();
  if (members.has(container)) {
    throw new EngineError(
      'endpoint-taken',
      `endpoint with name ${member.name} already exists in network ${network.name}`,
    );
  }
  const { pool } = network;
  const given = pool && freeAddress(pool, [...members.values()], address);
  const lease: Lease = {
    ...{ container, network, names, endpoint: engine.platform.randomHex(64) },
    ...(pool &&
      given !== undefined && {
        place: {
          prefix: subnetOf(pool).prefix,
          address: formatAddress(given),
          gateway: pool.gateway,
          mac: mac ?? macOf(given),
          interface: nextInterface(engine, container),
        },
      }),
  };
  members.set(container, lease);
  networks.set(network.id, members);
  return lease;
}

/** The next interface of a container that is free: `eth1`. */
function nextInterface(engine: Engine, container: string): string {
  const taken = new Set(leasesOf(engine, container).map(interfaceNumber));
  let number = 0;
  while (taken.has(number)) number += 1;
  return `eth${number}`;
}

/** Other names for the same place. */
export function renameLease(engine: Engine, lease: Lease, names: readonly string[]): void {
  engines
    .get(engine)
    ?.get(lease.network.id)
    ?.set(lease.container, { ...lease, names });
}

/** The place is free again. */
export function dropLease(engine: Engine, { network, container }: Lease): void {
  const members = engines.get(engine)?.get(network.id);
  members?.delete(container);
  if (members?.size === 0) engines.get(engine)?.delete(network.id);
}

function interfaceNumber({ place }: Lease): number {
  return place ? Number(place.interface.slice('eth'.length)) : -1;
}

function freeAddress(
  pool: AddressPool,
  members: readonly Lease[],
  wanted: string | undefined,
): number {
  const subnet = subnetOf(pool);
  const taken = new Set([
    ...[pool.gateway, ...Object.values(pool.auxiliary)].map(parseAddress),
    ...members.map(({ place }) => place && parseAddress(place.address)),
    ...[subnet.base, lastOf(subnet)],
  ]);
  if (wanted !== undefined) {
    const address = parseAddress(wanted);
    if (address !== undefined && !taken.has(address)) return address;
    throw new EngineError('address-taken', 'Address already in use');
  }
  const range = (pool.range === undefined ? undefined : parseSubnet(pool.range)) ?? subnet;
  for (let address = range.base; address <= lastOf(range); address++) {
    if (!taken.has(address)) return address;
  }
  throw new EngineError(
    'network-full',
    'no available IPv4 addresses on this network’s address pools',
  );
}

function subnetOf(pool: AddressPool): Subnet {
  const subnet = parseSubnet(pool.subnet);
  if (!subnet) throw new Error(`the subnet ${pool.subnet} is none`);
  return subnet;
}
