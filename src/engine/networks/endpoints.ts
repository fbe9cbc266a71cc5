import type { ContainerRecord } from '../containers/record.ts';
import type { EndpointRecord } from './record.ts';
import { DEFAULT_NETWORK } from './registry.ts';

/** The network that a container's mode names; undefined when it has that of another container. */
export function networkOfMode(mode: string): string | undefined {
  if (mode.startsWith('container:')) return undefined;
  return mode === 'default' || mode === '' ? DEFAULT_NETWORK : mode;
}

/** The networks a container is in, or will be in when it runs, in the order it joins them. */
export function endpointsOf({
  networks,
  host,
}: Pick<ContainerRecord, 'networks' | 'host'>): readonly EndpointRecord[] {
  if (networks) return networks;
  const network = networkOfMode(host.networkMode);
  return network === undefined ? [] : [{ network, aliases: [] }];
}

/** Whether an endpoint is in a network: by the ID it remembers, else by name. */
export function isIn(
  { network, networkId }: EndpointRecord,
  { id, name }: { readonly id: string; readonly name: string },
): boolean {
  return networkId === undefined ? network === name : networkId === id;
}
