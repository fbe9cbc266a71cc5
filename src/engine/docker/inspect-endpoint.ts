import type { ContainerRecord } from '../containers/record.ts';
import { isRunning } from '../containers/state.ts';
import {
  type GoField,
  type GoStruct,
  type GoValue,
  goField,
  goMap,
  goNil,
  goStrings,
  goStruct,
} from '../gotemplate/value.ts';
import { endpointsOf } from '../networks/endpoints.ts';
import type { EndpointRecord, Lease } from '../networks/record.ts';
import { DEFAULT_NETWORK } from '../networks/registry.ts';

/** Docker's EndpointSettings of a container, by network. */
export function endpointSettings(record: ContainerRecord): GoValue {
  const entries = endpointsOf(record).map(
    (endpoint) =>
      [endpoint.network, settings(endpoint, leaseIn(record, endpoint.network))] as const,
  );
  return goMap(Object.fromEntries(entries), 'map[string]*network.EndpointSettings');
}

/** The fields from before there were networks of one's own, which tell of the default one. */
export function legacyEndpoint(record: ContainerRecord): Readonly<Record<string, GoField>> {
  const lease = leaseIn(record, DEFAULT_NETWORK);
  const { Gateway, IPAddress, IPPrefixLen, IPv6Gateway, ...rest } = addresses(lease);
  return {
    EndpointID: goField(lease?.endpoint ?? ''),
    ...{ Gateway, ...rest, IPAddress, IPPrefixLen, IPv6Gateway },
    MacAddress: goField(lease?.place?.mac ?? ''),
  };
}

function settings(endpoint: EndpointRecord, lease: Lease | undefined): GoStruct {
  const { aliases, address, mac, networkId } = endpoint;
  return goStruct('*network.EndpointSettings', {
    IPAMConfig: goField(
      address === undefined
        ? goNil('*network.EndpointIPAMConfig')
        : goStruct('*network.EndpointIPAMConfig', {
            IPv4Address: goField(address, { omitEmpty: true }),
            IPv6Address: goField('', { omitEmpty: true }),
            LinkLocalIPs: goField(goStrings(null), { omitEmpty: true }),
          }),
    ),
    Links: goField(goStrings(null)),
    Aliases: goField(goStrings(aliases.length === 0 ? null : aliases)),
    MacAddress: goField(lease?.place?.mac ?? mac ?? ''),
    NetworkID: goField(lease?.network.id ?? networkId ?? ''),
    EndpointID: goField(lease?.endpoint ?? ''),
    ...addresses(lease),
    DriverOpts: goField(goMap(null)),
    DNSNames: goField(goStrings(lease && lease.names.length > 0 ? lease.names : null)),
  });
}

type Addresses =
  | 'Gateway'
  | 'IPAddress'
  | 'IPPrefixLen'
  | 'IPv6Gateway'
  | 'GlobalIPv6Address'
  | 'GlobalIPv6PrefixLen';

function addresses(lease: Lease | undefined): Readonly<Record<Addresses, GoField>> {
  const place = lease?.place;
  return {
    Gateway: goField(lease?.place && !lease.network.internal ? lease.place.gateway : ''),
    IPAddress: goField(place?.address ?? ''),
    IPPrefixLen: goField(place?.prefix ?? 0),
    IPv6Gateway: goField(''),
    GlobalIPv6Address: goField(''),
    GlobalIPv6PrefixLen: goField(0),
  };
}

function leaseIn(record: ContainerRecord, network: string): Lease | undefined {
  if (!isRunning(record)) return undefined;
  return record.joined?.leases.find((lease) => lease.network.name === network);
}
