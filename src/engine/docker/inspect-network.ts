import type { ContainerRecord } from '../containers/record.ts';
import { trimFraction } from '../format/time.ts';
import {
  type FieldOptions,
  type GoStruct,
  goField,
  goList,
  goMap,
  goStruct,
} from '../gotemplate/value.ts';
import type { Lease, NetworkRecord } from '../networks/record.ts';

const OMIT: FieldOptions = { omitEmpty: true };

/** A network as `docker network inspect` shows it: Docker's fields in Docker's order. */
export function inspectNetwork(
  network: NetworkRecord,
  leases: readonly Lease[],
  containers: readonly ContainerRecord[],
): GoStruct {
  const nameOf = (id: string): string => containers.find((one) => one.id === id)?.name ?? '';
  const members = leases.map((lease) => [lease.container, member(lease, nameOf)] as const);
  return goStruct('types.NetworkResource', {
    Name: goField(network.name),
    ID: goField(network.id, { json: 'Id' }),
    Created: goField(trimFraction(network.created)),
    Scope: goField('local'),
    Driver: goField(network.driver),
    EnableIPv6: goField(false),
    IPAM: goField(ipam(network)),
    Internal: goField(network.internal),
    Attachable: goField(network.attachable),
    Ingress: goField(false),
    ConfigFrom: goField(goStruct('network.ConfigReference', { Network: goField('') })),
    ConfigOnly: goField(false),
    Containers: goField(goMap(Object.fromEntries(members), 'map[string]types.EndpointResource')),
    Options: goField(goMap(network.options)),
    Labels: goField(goMap(network.labels)),
  });
}

function ipam({ pool, name }: NetworkRecord): GoStruct {
  const type = '[]network.IPAMConfig';
  const hasOptions = name !== 'bridge' && pool;
  const config = pool && [
    goStruct('network.IPAMConfig', {
      Subnet: goField(pool.subnet, OMIT),
      IPRange: goField(pool.range ?? '', OMIT),
      Gateway: goField(pool.isChosen && !pool.isGatewayChosen ? '' : pool.gateway, OMIT),
      AuxAddress: goField(goMap(pool.auxiliary), { json: 'AuxiliaryAddresses', ...OMIT }),
    }),
  ];
  return goStruct('network.IPAM', {
    Driver: goField('default'),
    Options: goField(goMap(hasOptions ? {} : null)),
    Config: goField(goList(config ?? null, type)),
  });
}

function member({ container, endpoint, place }: Lease, nameOf: (id: string) => string): GoStruct {
  return goStruct('types.EndpointResource', {
    Name: goField(nameOf(container)),
    EndpointID: goField(endpoint),
    MacAddress: goField(place?.mac ?? ''),
    IPv4Address: goField(place ? `${place.address}/${place.prefix}` : ''),
    IPv6Address: goField(''),
  });
}
