/** What the store remembers of a network. */
export interface NetworkRecord {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly driver: 'bridge' | 'host' | 'null';
  /** Nothing leads out of it. */
  readonly internal: boolean;
  /** Remembered alone: it has to do with clusters. */
  readonly attachable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** `-o` as given. */
  readonly options: Readonly<Record<string, string>>;
  /** The addresses of a bridge. */
  readonly pool?: AddressPool;
}

export interface AddressPool {
  /** `172.18.0.0/16`. */
  readonly subnet: string;
  /** The machine's own address in it. */
  readonly gateway: string;
  /** Where containers get theirs, when that is not all of the subnet. */
  readonly range?: string;
  /** Addresses that nobody gets, by a name. */
  readonly auxiliary: Readonly<Record<string, string>>;
  /** The subnet was asked for: only then may containers ask for addresses. */
  readonly isChosen: boolean;
  /** The gateway was asked for. */
  readonly isGatewayChosen: boolean;
}

/** A container's place in a network, whether it runs or not. */
export interface EndpointRecord {
  /** The network's name. */
  readonly network: string;
  /** Known since the container was first in it: one of the same name made later is another. */
  readonly networkId?: string;
  /** As asked for. */
  readonly aliases: readonly string[];
  /** An address that was asked for. */
  readonly address?: string;
  /** A hardware address that was asked for. */
  readonly mac?: string;
}

/** What a container that runs has in a network. */
export interface Lease {
  readonly container: string;
  readonly network: NetworkRecord;
  /** 64 hexadecimal digits. */
  readonly endpoint: string;
  /** In a bridge only. */
  readonly place?: {
    /** Of the subnet. */
    readonly prefix: number;
    readonly address: string;
    readonly gateway: string;
    readonly mac: string;
    /** `eth0`. */
    readonly interface: string;
  };
  /** Names that the others in the network know it by, as `inspect` shows them; none on the default bridge. */
  readonly names: readonly string[];
}
