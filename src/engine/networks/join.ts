import { portBindings, type PublishedPort } from '../containers/ports.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { updateContainer } from '../containers/registry.ts';
import type { Engine } from '../engine.ts';
import { EngineError, reworded } from '../errors.ts';
import type { Attachment, ProcessHost } from '../process/host.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { endpointsOf } from './endpoints.ts';
import { emitNetworkEvent } from './event.ts';
import { dropLease, leasesOf, takeLease } from './leases.ts';
import { namesIn } from './names.ts';
import { type OpenPorts, openPorts } from './publishing.ts';
import type { EndpointRecord, Lease, NetworkRecord } from './record.ts';
import { isPredefined, listNetworks, pickNetwork } from './registry.ts';

/** What a container has of networks while its process runs. */
export interface Joined {
  /** In the order of its interfaces. */
  readonly leases: readonly Lease[];
  readonly ports: readonly PublishedPort[];
}

/** `Joined`, for who runs the container. */
export interface NetworkMembership extends Joined {
  /** Undefined where the container has no bridge: it has the machine's network, another's, or none. */
  attachments(): readonly Attachment[] | undefined;
  /** Takes a place in one more network, and opens the ports if this is what they lead to. */
  add(
    now: ContainerRecord,
    network: NetworkRecord,
    endpoint: EndpointRecord,
  ): Promise<Attachment | undefined>;
  /** Gives up the place in a network. */
  remove(network: NetworkRecord): Promise<void>;
  /** Leaves them all; resolves when the ports are closed. */
  leave(): Promise<void>;
}

const NO_PORTS: OpenPorts = { ports: [], close: () => Promise.resolve() };

/**
 * Gives a container that starts its places in its networks, and opens its ports. Errors:
 * `network-unknown`, `address-taken`, `port-taken`, `network-full`.
 */
export async function joinNetworks(
  engine: Engine,
  host: ProcessHost,
  record: ContainerRecord,
): Promise<NetworkMembership> {
  const member = membership(engine, host, record);
  try {
    const networks = await listNetworks(engine);
    const endpoints = endpointsOf(record);
    const known = endpoints.map((endpoint) => networkOf(networks, endpoint));
    for (const [index, endpoint] of endpoints.entries()) {
      const network = known[index];
      if (network) member.take(record, network, endpoint);
    }
    await member.open();
    await rememberIds(engine, record, known);
    return member;
  } catch (error) {
    await member.leave();
    throw error;
  }
}

/** Of networks that are always there the name is what counts, of others the ID once it is known. */
export function networkOf(
  networks: readonly NetworkRecord[],
  { network, networkId }: EndpointRecord,
): NetworkRecord {
  return pickNetwork(networks, isPredefined(network) ? network : (networkId ?? network));
}

/** The lease that leads out of the container: that of the first of its networks by name that is not closed. */
export function defaultLease(leases: readonly Lease[]): Lease | undefined {
  const open = leases.filter(({ network, place }) => place && !network.internal);
  return open.toSorted((a, b) => (a.network.name < b.network.name ? -1 : 1))[0];
}

function membership(
  engine: Engine,
  host: ProcessHost,
  record: ContainerRecord,
): NetworkMembership & {
  take(now: ContainerRecord, network: NetworkRecord, endpoint: EndpointRecord): Lease;
  open(): Promise<void>;
} {
  const { id } = record;
  let open = NO_PORTS;
  /** The endpoint that the ports lead to. */
  let published: string | undefined;
  const leases = (): readonly Lease[] => leasesOf(engine, id);

  const take = (now: ContainerRecord, network: NetworkRecord, endpoint: EndpointRecord): Lease => {
    checkEndpoint(network, endpoint);
    const names = namesIn(network, now, endpoint);
    const lease = takeLease(engine, network, { container: id, name: now.name, names }, endpoint);
    emitNetworkEvent(engine, network, 'connect', id);
    return lease;
  };
  const give = (lease: Lease): void => {
    dropLease(engine, lease);
    emitNetworkEvent(engine, lease.network, 'disconnect', id);
  };
  /** Lets the ports lead to where the container is reached now. */
  const publish = async (): Promise<void> => {
    const lease = defaultLease(leases());
    if (lease?.endpoint === published) return;
    await open.close();
    open = NO_PORTS;
    published = lease?.endpoint;
    if (!lease?.place) return;
    try {
      open = await openPorts(engine, host, lease.place.address, portBindings(record));
    } catch (error) {
      published = undefined;
      if (!(error instanceof EngineError)) throw error;
      const where = `${record.name} (${lease.endpoint})`;
      throw reworded(
        error,
        `driver failed programming external connectivity on endpoint ${where}: ${error.message}`,
      );
    }
  };
  return {
    get leases() {
      return leases();
    },
    get ports() {
      return open.ports;
    },
    attachments() {
      const all = leases();
      const first = defaultLease(all);
      const found = all.flatMap((lease) => attachment(lease, lease === first) ?? []);
      return found.length > 0 ? found : undefined;
    },
    take,
    open: publish,
    async add(now, network, endpoint) {
      const lease = take(now, network, endpoint);
      try {
        await publish();
        return attachment(lease, lease === defaultLease(leases()));
      } catch (error) {
        give(lease);
        throw error;
      }
    },
    async remove(network) {
      for (const lease of leases()) if (lease.network.id === network.id) give(lease);
      await publish();
    },
    async leave() {
      await open.close();
      open = NO_PORTS;
      for (const lease of leases()) give(lease);
    },
  };
}

function attachment({ network, place }: Lease, isDefault: boolean): Attachment | undefined {
  const { pool } = network;
  if (!place || !pool) return undefined;
  const { id, internal } = network;
  return {
    network: { id, subnet: pool.subnet, gateway: pool.gateway, internal },
    ...{ interface: place.interface, address: place.address, mac: place.mac, isDefault },
  };
}

/** One of the same name that is made later is not the network the container was in. */
async function rememberIds(
  engine: Engine,
  record: ContainerRecord,
  networks: readonly NetworkRecord[],
): Promise<void> {
  const isKnown = ({ network, networkId }: EndpointRecord, index: number): boolean =>
    isPredefined(network) || networkId === networks[index]?.id;
  if (endpointsOf(record).every(isKnown)) return;
  await updateContainer(engine, record.id, (old) => ({
    ...old,
    networks: endpointsOf(old).map((endpoint) => {
      const network = networks.find(({ name }) => name === endpoint.network);
      return network && !isPredefined(network.name)
        ? { ...endpoint, networkId: network.id }
        : endpoint;
    }),
  }));
}
