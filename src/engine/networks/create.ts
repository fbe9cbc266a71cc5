import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import {
  type Subnet,
  contains,
  formatAddress,
  formatSubnet,
  overlap,
  parseAddress,
  parseSubnet,
} from './address.ts';
import { emitNetworkEvent } from './event.ts';
import { freeSubnet } from './pools.ts';
import type { AddressPool, NetworkRecord } from './record.ts';
import { changeNetworks, isPredefined } from './registry.ts';

export interface NewNetwork {
  readonly name: string;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
  /** One that is free when missing. */
  readonly subnet?: string;
  readonly gateway?: string;
  readonly range?: string;
  readonly auxiliary?: Readonly<Record<string, string>>;
}

/**
 * Makes a bridge; durable when it resolves. Errors: `network-invalid`, `usage`, `network-name-taken`,
 * `network-overlap`, `network-full` (no subnet is left).
 */
export async function createNetwork(engine: Engine, wanted: NewNetwork): Promise<NetworkRecord> {
  if (wanted.name.trim() === '') throw networkInvalid('invalid name:');
  const record: NetworkRecord = {
    id: engine.platform.randomHex(64),
    name: wanted.name,
    created: new Date(engine.platform.now()).toISOString(),
    driver: 'bridge',
    internal: wanted.internal ?? false,
    attachable: wanted.attachable ?? false,
    labels: wanted.labels ?? {},
    options: wanted.options ?? {},
  };
  let made = record;
  await changeNetworks(engine, (networks) => {
    if (isPredefined(record.name)) {
      throw networkInvalid(`operation is not permitted on predefined ${record.name} network`);
    }
    if (networks.some(({ name }) => name === record.name)) {
      throw new EngineError(
        'network-name-taken',
        `network with name ${record.name} already exists`,
      );
    }
    made = { ...record, pool: poolOf(wanted, subnetsOf(networks)) };
    return [...networks, made];
  });
  emitNetworkEvent(engine, made, 'create');
  return made;
}

export function networkInvalid(message: string): EngineError {
  return new EngineError('network-invalid', message);
}

function subnetsOf(networks: readonly NetworkRecord[]): readonly Subnet[] {
  return networks.flatMap(({ pool }) => {
    const subnet = pool && parseSubnet(pool.subnet);
    return subnet ? [subnet] : [];
  });
}

function poolOf(wanted: NewNetwork, taken: readonly Subnet[]): AddressPool {
  const isChosen = wanted.subnet !== undefined;
  const subnet = isChosen ? chosenSubnet(wanted.subnet, taken) : freeSubnet(taken);
  if (!subnet) {
    throw new EngineError(
      'network-full',
      'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    );
  }
  const range = rangeIn(subnet, wanted.range);
  const gateway =
    wanted.gateway === undefined ? undefined : inside(subnet, 'gateway', wanted.gateway);
  const auxiliary = Object.fromEntries(
    Object.entries(wanted.auxiliary ?? {}).map(([name, address]) => [
      name,
      formatAddress(inside(subnet, 'aux-address', address)),
    ]),
  );
  return {
    subnet: formatSubnet(subnet),
    gateway: formatAddress(gateway ?? firstFree(range ?? subnet, Object.values(auxiliary))),
    ...(range && { range: formatSubnet(range) }),
    ...{ auxiliary, isChosen, isGatewayChosen: gateway !== undefined },
  };
}

function chosenSubnet(text: string, taken: readonly Subnet[]): Subnet {
  const subnet = parseSubnet(text);
  const wrong = (why: string): EngineError =>
    networkInvalid(`invalid network config:\ninvalid subnet ${text}: ${why}`);
  if (!subnet) throw wrong('invalid CIDR block notation');
  if (formatSubnet(subnet) !== text) throw wrong(`it should be ${formatSubnet(subnet)}`);
  if (taken.some((other) => overlap(subnet, other))) {
    throw new EngineError('network-overlap', 'Pool overlaps with other one on this address space');
  }
  return subnet;
}

function rangeIn(subnet: Subnet, text: string | undefined): Subnet | undefined {
  if (text === undefined) return undefined;
  const range = parseSubnet(text);
  if (range && contains(subnet, range.base) && range.prefix >= subnet.prefix) return range;
  throw outside('range', text);
}

function inside(subnet: Subnet, what: string, text: string): number {
  const address = parseAddress(text);
  if (address !== undefined && contains(subnet, address)) return address;
  throw outside(what, text);
}

/** Docker's client finds it. */
function outside(what: string, text: string): EngineError {
  return new EngineError('usage', `no matching subnet for ${what} ${text}`);
}

/** The network's own address, that is its first, is nobody's. */
function firstFree(range: Subnet, taken: readonly string[]): number {
  let address = range.base + 1;
  while (taken.includes(formatAddress(address))) address += 1;
  return address;
}
