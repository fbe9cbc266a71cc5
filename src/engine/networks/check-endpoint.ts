import type { HostConfig } from '../containers/record.ts';
import { EngineError } from '../errors.ts';
import { parseAddress } from './address.ts';
import { networkOfMode } from './endpoints.ts';
import { networkInvalid } from './create.ts';
import type { EndpointRecord, NetworkRecord } from './record.ts';
import { DEFAULT_NETWORK, isPredefined } from './registry.ts';

/** What cannot be asked of a container's networks, whatever they are. Errors: `network-invalid`. */
export function checkEndpoints(
  endpoints: readonly EndpointRecord[],
  { networkMode }: Pick<HostConfig, 'networkMode'>,
): void {
  const mode = networkOfMode(networkMode);
  for (const endpoint of endpoints) {
    if (endpoint.address !== undefined && parseAddress(endpoint.address) === undefined) {
      throw networkInvalid(`invalid IPv4 address: ${endpoint.address}`);
    }
    if (isPredefined(endpoint.network)) checkPredefined(endpoint);
  }
  if (endpoints.length > 1 && (mode === 'host' || mode === 'none')) {
    throw networkInvalid(
      'container cannot be connected to host network or disconnected from host network',
    );
  }
}

/** What only a network with a subnet of one's choice has. Errors: `network-invalid`. */
export function checkAddress(network: NetworkRecord, { address }: EndpointRecord): void {
  if (address === undefined || network.pool?.isChosen === true) return;
  throw new EngineError(
    'network-invalid',
    'invalid endpoint settings:\nuser specified IP address is supported only when connecting to networks with user configured subnets',
  );
}

function checkPredefined({ network, aliases, address }: EndpointRecord): void {
  if (aliases.length > 0 && network === DEFAULT_NETWORK) {
    throw networkInvalid(
      'network-scoped alias is supported only for containers in user defined networks',
    );
  }
  if (address !== undefined) {
    throw networkInvalid('user specified IP address is supported on user defined networks only');
  }
}
