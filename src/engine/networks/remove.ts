import { emitEvent } from '../containers/events.ts';
import { pruneFilter } from '../containers/filter.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { listContainers } from '../containers/registry.ts';
import { isRunning } from '../containers/state.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { endpointsOf, isIn } from './endpoints.ts';
import { emitNetworkEvent } from './event.ts';
import type { NetworkRecord } from './record.ts';
import { changeNetworks, isPredefined, listNetworks } from './registry.ts';

/** Containers that run and are in a network, whoever runs them. */
export function membersOf(
  network: NetworkRecord,
  containers: readonly ContainerRecord[],
): readonly ContainerRecord[] {
  return containers.filter(
    (record) =>
      isRunning(record) && endpointsOf(record).some((endpoint) => isIn(endpoint, network)),
  );
}

/** Errors: `network-predefined`, `network-in-use`. */
export async function removeNetwork(engine: Engine, network: NetworkRecord): Promise<void> {
  const { id, name } = network;
  if (isPredefined(name)) {
    throw new EngineError(
      'network-predefined',
      `${name} is a pre-defined network and cannot be removed`,
    );
  }
  if (membersOf(network, await listContainers(engine)).length > 0) {
    throw new EngineError(
      'network-in-use',
      `error while removing network: network ${name} id ${id} has active endpoints`,
      { hint: 'Stop the containers in it, or take them out: "docker network disconnect".' },
    );
  }
  await changeNetworks(engine, (all) => all.filter((one) => one.id !== id));
  emitNetworkEvent(engine, network, 'destroy');
}

/** Removes networks that nobody is in; resolves to their names. Errors: `filter-invalid`. */
export async function pruneNetworks(
  engine: Engine,
  filters: readonly string[],
): Promise<readonly string[]> {
  const isWanted = pruneFilter(filters, engine.platform.now());
  const containers = await listContainers(engine);
  const names: string[] = [];
  for (const network of await listNetworks(engine)) {
    if (isPredefined(network.name) || !isWanted(network)) continue;
    if (membersOf(network, containers).length > 0) continue;
    await removeNetwork(engine, network);
    names.push(network.name);
  }
  emitEvent(engine, {
    ...{ type: 'network', action: 'prune', id: '' },
    attributes: { reclaimed: '0' },
  });
  return names;
}
