import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { findImage } from '../images/find.ts';
import { openImage } from '../images/open.ts';
import type { FileTree } from '../layer/tree.ts';
import { checkEndpoint } from '../networks/check-endpoint.ts';
import type { EndpointRecord } from '../networks/record.ts';
import { isPredefined, listNetworks } from '../networks/registry.ts';
import { checkName, checkRequest, invalid } from './check-request.ts';
import { emitContainerEvent } from './container-event.ts';
import { commandOf, mergeConfig } from './merge-config.ts';
import { randomName } from './names.ts';
import type { ContainerMount, ContainerRecord, CreatedConfig, HostConfig } from './record.ts';
import { addContainer, findContainer } from './registry.ts';
import type { ContainerRequest, RequestedConfig, RequestedMount } from './request.ts';
import { CREATED, isoNow } from './state.ts';
import { fillVolume } from './volume-trees.ts';
import { createVolume, deleteVolume } from './volumes.ts';

/** What the machine itself is called, which a container with its network is called too. */
const MACHINE = 'semdistro';

/**
 * Makes a container; durable when it resolves. Its volumes are made and, when they are empty, filled
 * from the image. Errors: `image-unknown`, `container-invalid`, `container-name-taken`,
 * `signal-invalid`, `volume-name-invalid`, `container-unknown` (of `container:X`).
 */
export async function createContainer(
  engine: Engine,
  request: ContainerRequest,
): Promise<ContainerRecord> {
  const image = await findImage(engine, request.image, request.platform);
  const opened = await openImage(engine, image);
  checkRequest(request.config, request.host);
  const networks = request.networks && (await namedNetworks(engine, request.networks));
  if (request.name !== undefined) checkName(request.name);
  const merged = mergeConfig(request.config, opened.config.config);
  if (commandOf(merged).length === 0) throw invalid('no command specified');
  const files = await opened.tree();
  checkWorkingDir(files, merged.WorkingDir ?? '');
  const id = engine.platform.randomHex(64);
  const host = await namedContainers(engine, request.host);
  const wanted = [...request.mounts, ...ownVolumes(merged, request.mounts)];
  const made: string[] = [];
  try {
    const mounts: ContainerMount[] = [];
    for (const mount of checkTargets(wanted, Object.keys(host.tmpfs)))
      mounts.push(await ready(engine, mount, files, made));
    const record: ContainerRecord = {
      ...{ id, name: request.name ?? '', image: image.id, manifest: image.manifest.digest },
      ...{ imageName: request.image, platform: image.platform, created: isoNow(engine) },
      config: { ...merged, Hostname: await hostname(engine, id, merged, host) },
      ...{ host, mounts, state: CREATED, logs: [] },
      ...(networks && { networks }),
    };
    const added = await addNamed(engine, record);
    emitContainerEvent(engine, added, 'create');
    return added;
  } catch (error) {
    for (const name of made) await deleteVolume(engine, name);
    throw error;
  }
}

async function addNamed(engine: Engine, record: ContainerRecord): Promise<ContainerRecord> {
  if (record.name !== '') {
    await addContainer(engine, record);
    return record;
  }
  for (let attempt = 0; ; attempt++) {
    const named = { ...record, name: randomName(engine.platform, attempt) };
    try {
      await addContainer(engine, named);
      return named;
    } catch (error) {
      const isTaken = error instanceof EngineError && error.code === 'container-name-taken';
      if (!isTaken || attempt > 100) throw error;
    }
  }
}

/** `container:NAME` by ID, so that a rename changes nothing. That of a network is looked up at the start. */
async function namedContainers(engine: Engine, host: HostConfig): Promise<HostConfig> {
  return {
    ...host,
    pidMode: await byId(engine, host.pidMode),
    ipcMode: await byId(engine, host.ipcMode),
  };
}

/**
 * By their names, whatever they were called; one that is not there is missed at the start. Errors:
 * `network-invalid`.
 */
async function namedNetworks(
  engine: Engine,
  endpoints: readonly EndpointRecord[],
): Promise<readonly EndpointRecord[]> {
  const isPlain = ({ network, address, aliases }: EndpointRecord): boolean =>
    isPredefined(network) && address === undefined && aliases.length === 0;
  if (endpoints.every(isPlain)) return endpoints;
  const all = await listNetworks(engine);
  return endpoints.map((endpoint) => {
    const found =
      all.find(({ id, name }) => id === endpoint.network || name === endpoint.network) ??
      all.find(({ id }) => id.startsWith(endpoint.network));
    if (!found) return endpoint;
    checkEndpoint(found, endpoint, (why) => `invalid config for network ${found.name}: ${why}`);
    return { ...endpoint, network: found.name };
  });
}

async function byId(engine: Engine, mode: string): Promise<string> {
  const [, name] = /^container:(.*)$/.exec(mode) ?? [];
  if (name === undefined) return mode;
  return `container:${(await findContainer(engine, name)).id}`;
}

async function hostname(
  engine: Engine,
  id: string,
  { Hostname }: Partial<Pick<CreatedConfig, 'Hostname'>>,
  { networkMode }: HostConfig,
): Promise<string> {
  if (Hostname !== undefined && Hostname !== '') return Hostname;
  if (networkMode === 'host') return MACHINE;
  const [, name] = /^container:(.*)$/.exec(networkMode) ?? [];
  if (name === undefined) return id.slice(0, 12);
  try {
    return (await findContainer(engine, name)).config.Hostname;
  } catch (error) {
    // That it is not there is said when the container is started.
    if (error instanceof EngineError) return id.slice(0, 12);
    throw error;
  }
}

function checkWorkingDir(files: FileTree, path: string): void {
  const at = files.resolve(path);
  const entry = at === undefined ? undefined : files.get(at)?.entry;
  if (entry && entry.type !== 'dir') throw invalid(`Cannot mkdir: ${path} is not a directory`);
}

/** Volumes of the image and of `-v /path` get a name of their own, where nothing else is mounted. */
function ownVolumes(
  { Volumes }: Pick<RequestedConfig, 'Volumes'>,
  mounts: readonly RequestedMount[],
): readonly RequestedMount[] {
  const taken = new Set(mounts.map(({ target }) => target));
  return Object.keys(Volumes ?? {})
    .filter((target) => !taken.has(target))
    .map((target) => ({ type: 'volume', target, readOnly: false, noCopy: false }));
}

function checkTargets(
  mounts: readonly RequestedMount[],
  taken: readonly string[],
): readonly RequestedMount[] {
  const seen = new Set(taken);
  for (const { target } of mounts) {
    if (seen.has(target)) throw invalid(`Duplicate mount point: ${target}`);
    seen.add(target);
  }
  return mounts;
}

/** Anonymous volumes that were made are put into `made`. */
async function ready(
  engine: Engine,
  mount: RequestedMount,
  files: FileTree,
  made: string[],
): Promise<ContainerMount> {
  if (mount.type !== 'volume') return mount;
  const { target, readOnly, noCopy, labels } = mount;
  const anonymous = mount.name === undefined;
  const { name } = await createVolume(engine, {
    ...(mount.name !== undefined && { name: mount.name }),
    ...(labels && { labels }),
    anonymous,
  });
  if (anonymous) made.push(name);
  if (!noCopy) await fillVolume(engine, name, files, target);
  return { type: 'volume', name, target, readOnly, anonymous };
}
