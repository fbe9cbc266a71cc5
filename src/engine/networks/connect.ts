import { etcContents } from '../containers/etc-files.ts';
import { elsewhereError } from '../containers/owner.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { updateContainer } from '../containers/registry.ts';
import { type LiveContainer, liveContainer } from '../containers/running.ts';
import { isRunning } from '../containers/state.ts';
import { utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { endpointsOf, isIn } from './endpoints.ts';
import type { EndpointRecord, NetworkRecord } from './record.ts';
import { isPredefined } from './registry.ts';

/**
 * Puts a container into one more network, running or not; durable when it resolves. Errors:
 * `network-invalid`, `endpoint-taken`, `address-taken`, `network-full`, `container-elsewhere`.
 */
export async function connectContainer(
  engine: Engine,
  record: ContainerRecord,
  network: NetworkRecord,
  asked: Omit<EndpointRecord, 'network' | 'networkId'>,
): Promise<void> {
  const endpoint: EndpointRecord = { ...asked, network: network.name };
  checkMode(record, network);
  checkEndpoint(network, endpoint);
  const live = liveOf(engine, record, 'connect');
  const isThere = endpointsOf(record).some((one) => isIn(one, network));
  if (isThere && live) throw taken(record, network);
  const others = endpointsOf(record).filter((one) => !isIn(one, network));
  if (live?.network) await joinNow(record, live, { network, endpoint });
  const known = live?.network && !isPredefined(network.name) && { networkId: network.id };
  await remember(engine, record, [...others, { ...endpoint, ...known }]);
}

/**
 * Takes a container out of a network, running or not; durable when it resolves. Errors:
 * `network-invalid`, `container-elsewhere`.
 */
export async function disconnectContainer(
  engine: Engine,
  record: ContainerRecord,
  network: NetworkRecord,
): Promise<void> {
  if (network.driver === 'host' || record.host.networkMode === 'host') {
    throw networkForbidden(
      'container cannot be disconnected from host network or connected to host network',
    );
  }
  const live = liveOf(engine, record, 'disconnect');
  const endpoints = endpointsOf(record);
  if (!endpoints.some((one) => isIn(one, network))) {
    throw networkForbidden(`container ${record.id} is not connected to network ${network.name}`);
  }
  await remember(
    engine,
    record,
    endpoints.filter((one) => !isIn(one, network)),
  );
  if (!live?.network) return;
  await live.process?.disconnect?.(network.id);
  await live.network.remove(network);
  await rewrite(live);
}

async function joinNow(
  record: ContainerRecord,
  live: LiveContainer,
  { network, endpoint }: { readonly network: NetworkRecord; readonly endpoint: EndpointRecord },
): Promise<void> {
  const membership = live.network;
  if (!membership) return;
  const attachment = await membership.add(record, network, endpoint);
  try {
    if (attachment) await live.process?.connect?.(attachment);
  } catch (error) {
    await membership.remove(network);
    throw error;
  }
  await rewrite(live);
}

/** A container that runs reads its new addresses, and asks the resolver once it has one. */
async function rewrite({ record, process, network }: LiveContainer): Promise<void> {
  const isOwn = (path: string): boolean => !record.mounts.some(({ target }) => target === path);
  const contents = etcContents(record, network);
  for (const path of ['/etc/hosts', '/etc/resolv.conf'] as const) {
    if (isOwn(path)) await process?.rewrite?.(path, utf8(contents[path]));
  }
}

async function remember(
  engine: Engine,
  { id }: ContainerRecord,
  networks: readonly EndpointRecord[],
): Promise<void> {
  await updateContainer(engine, id, (old) => ({ ...old, networks }));
}

/** Undefined when it does not run. */
function liveOf(engine: Engine, record: ContainerRecord, what: string): LiveContainer | undefined {
  const live = liveContainer(engine, record.id);
  if (!live && isRunning(record)) throw elsewhereError(record.name, what);
  return live;
}

function checkMode({ host }: ContainerRecord, network: NetworkRecord): void {
  const { networkMode } = host;
  if (networkMode.startsWith('container:') || networkMode === 'host') {
    throw networkForbidden(
      'container sharing network namespace with another container or host cannot be connected to any other network',
    );
  }
  if (network.driver === 'host') {
    throw networkForbidden(
      'container cannot be disconnected from host network or connected to host network',
    );
  }
  if (networkMode === 'none' || network.driver === 'null') {
    throw networkForbidden(
      'container cannot be connected to multiple networks with one of the networks in private (none) mode',
    );
  }
}

function taken({ name }: ContainerRecord, network: NetworkRecord): EngineError {
  return new EngineError(
    'endpoint-taken',
    `endpoint with name ${name} already exists in network ${network.name}`,
  );
}

function networkForbidden(message: string): EngineError {
  return new EngineError('network-invalid', message);
}
