import { EngineError } from '../../engine/errors.ts';
import type { Attachment, ContainerSpec, HostNetwork } from '../../engine/process/host.ts';
import type { Agent, GuestInterface } from '../channel/port.ts';
import { addressOf, macOf, prefixOf } from './address.ts';
import { createResolver } from './resolver.ts';

/** The networks of one life of the machine. */
export interface Networks {
  /** The machine's own network: its processes, and containers that share it. */
  readonly machine: Sandbox;
  /** A network namespace with interfaces in these networks. Rejects with EngineError `network-failed`. */
  open(attachments: readonly Attachment[], resolve: ContainerSpec['resolve']): Promise<Sandbox>;
}

/** What containers with one network namespace share. */
export interface Sandbox {
  /** The namespace's file in the guest; undefined for the machine's own. */
  readonly file: string | undefined;
  /** Rejects with EngineError `network-failed`. */
  connect(attachment: Attachment): Promise<void>;
  disconnect(networkId: string): Promise<void>;
  /** Calls back with names that somebody in it asked for and that nobody has, until what it returns is called. */
  onLookup(listener: (name: string) => void): () => void;
  /** The interfaces go at once, the namespace with the last process in it. */
  close(): void;
}

export interface NetworksOptions {
  readonly agent: Pick<Agent, 'join' | 'leave' | 'onQuery'>;
  readonly guard: <T>(work: Promise<T>) => Promise<T>;
  /** Milliseconds. */
  readonly now: () => number;
  /** A name that nobody has was asked for, anywhere. */
  readonly onLookup: (name: string) => void;
}

const MACHINE = 0;

export function createNetworks(options: NetworksOptions): Networks {
  const { agent, guard, now } = options;
  const resolvers = new Map<number, (query: Uint8Array) => Uint8Array | undefined>();
  const bridges = bridgeUsers();
  let namespaces = MACHINE;
  let devices = 0;
  agent.onQuery((namespace, query) => resolvers.get(namespace)?.(query));

  function listenersOf(namespace: number, resolve: ContainerSpec['resolve']): Sandbox['onLookup'] {
    const listeners = new Set<(name: string) => void>();
    const unknown = (name: string): void => {
      for (const listener of [...listeners, options.onLookup]) listener(name);
    };
    const names = { resolve: (name: string) => resolve?.(name), unknown };
    resolvers.set(namespace, createResolver(names, now));
    return (listener) => {
      // The same listener may listen for several containers.
      const own = (name: string): void => {
        listener(name);
      };
      listeners.add(own);
      return () => void listeners.delete(own);
    };
  }

  function sandbox(namespace: number, resolve: ContainerSpec['resolve']): Sandbox & Joining {
    const joined = new Map<string, Joined>();

    /** Devices that go when this network is left. */
    const left = (network: string, { device, wanted }: Joined): readonly string[] => [
      device,
      ...(bridges.left(network) ? [bridgeName(wanted.network)] : []),
    ];

    async function join(attachments: readonly Attachment[]): Promise<void> {
      const interfaces = attachments.map((wanted) => {
        devices += 1;
        const device = `veth${devices.toString(16).padStart(7, '0')}`;
        joined.set(wanted.network.id, { device, wanted });
        bridges.joined(wanted.network.id);
        return interfaceOf(wanted, device);
      });
      try {
        await guard(agent.join(namespace, interfaces));
      } catch (error) {
        for (const { network } of attachments) await leave(network.id);
        if (error instanceof EngineError || !(error instanceof Error)) throw error;
        throw new EngineError('network-failed', `failed to set up the network: ${error.message}`, {
          exitCode: 125,
          cause: error,
        });
      }
    }

    async function leave(network: string): Promise<void> {
      const found = joined.get(network);
      if (!found) return;
      joined.delete(network);
      const next = found.wanted.isDefault ? gatewayAmong(joined) : undefined;
      await guard(agent.leave(namespace, { devices: left(network, found), gateway: next }));
    }

    return {
      file: namespace === MACHINE ? undefined : `/run/semdistro/net/${namespace}`,
      join,
      connect: (attachment) => join([attachment]),
      disconnect: leave,
      onLookup: listenersOf(namespace, resolve),
      close() {
        resolvers.delete(namespace);
        const gone = [...joined].flatMap(([network, one]) => left(network, one));
        joined.clear();
        // A machine that ended meanwhile has nothing left to close.
        agent.leave(namespace, { devices: gone, close: true }).catch(() => undefined);
      },
    };
  }

  return {
    machine: sandbox(MACHINE, undefined),
    async open(attachments, resolve) {
      namespaces += 1;
      const made = sandbox(namespaces, resolve);
      try {
        await made.join(attachments);
      } catch (error) {
        made.close();
        throw error;
      }
      return made;
    },
  };
}

interface Joining {
  join(attachments: readonly Attachment[]): Promise<void>;
}

interface Joined {
  readonly device: string;
  readonly wanted: Attachment;
}

/** How many have joined each network: a bridge goes with the last. */
function bridgeUsers(): { joined(network: string): void; left(network: string): boolean } {
  const users = new Map<string, number>();
  return {
    joined(network) {
      users.set(network, (users.get(network) ?? 0) + 1);
    },
    left(network) {
      const count = (users.get(network) ?? 1) - 1;
      if (count > 0) users.set(network, count);
      else users.delete(network);
      return count === 0;
    },
  };
}

/** As Docker names it. */
function bridgeName({ id }: HostNetwork): string {
  return `br-${id.slice(0, 12)}`;
}

function gatewayAmong(joined: ReadonlyMap<string, Joined>): Uint8Array | undefined {
  const found = [...joined.values()].find(({ wanted }) => !wanted.network.internal);
  return found && addressOf(found.wanted.network.gateway);
}

function interfaceOf(wanted: Attachment, device: string): GuestInterface {
  const { network } = wanted;
  return {
    device,
    bridge: bridgeName(network),
    name: wanted.interface,
    address: addressOf(wanted.address),
    gateway: addressOf(network.gateway),
    prefix: prefixOf(network.subnet),
    mac: macOf(wanted.mac),
    isDefault: wanted.isDefault && !network.internal,
  };
}
