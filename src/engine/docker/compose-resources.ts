import type { Service } from '../compose/model.ts';
import { volumeName } from '../compose/read.ts';
import { createVolume, findVolume } from '../containers/volumes.ts';
import { emitEvent } from '../containers/events.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { createNetwork } from '../networks/create.ts';
import { listNetworks } from '../networks/registry.ts';
import { composeInvalid } from '../compose/error.ts';
import { LABEL, nameIn, type Project, tell } from './compose-project.ts';
import type { Session } from './session.ts';

/** The networks and volumes that services are in, made where they are missing. */
export async function makeResources(
  session: Session,
  project: Project,
  services: readonly Service[],
): Promise<void> {
  const { networks, volumes } = project.compose;
  const wantedNetworks = new Set(
    services.flatMap((service) => service.networks.map(({ network }) => network)),
  );
  const wantedVolumes = new Set(
    services.flatMap((service) => service.volumes.flatMap((text) => volumeName(text) ?? [])),
  );
  for (const [key, network] of networks) {
    if (wantedNetworks.has(key)) await makeNetwork(session, project, { key, ...network });
  }
  for (const [key, volume] of volumes) {
    if (wantedVolumes.has(key)) await makeVolume(session, project, { key, ...volume });
  }
}

type Of<T> = T extends ReadonlyMap<string, infer V> ? V & { readonly key: string } : never;

async function makeNetwork(
  session: Session,
  project: Project,
  network: Of<Project['compose']['networks']>,
): Promise<void> {
  const { engine } = session;
  const { key, external, internal, subnet, gateway } = network;
  const name = nameIn(project, key, network);
  if ((await listNetworks(engine)).some((one) => one.name === name)) return;
  if (external) {
    throw composeInvalid(`network ${name} declared as external, but could not be found`);
  }
  tell(session, 'Network', name, 'Creating');
  await createNetwork(engine, {
    ...{ name, internal },
    labels: { ...labelsOf(network.labels), [LABEL.network]: key, [LABEL.project]: project.name },
    ...(subnet !== undefined && { subnet }),
    ...(gateway !== undefined && { gateway }),
  });
  tell(session, 'Network', name, 'Created');
}

async function makeVolume(
  session: Session,
  project: Project,
  volume: Of<Project['compose']['volumes']>,
): Promise<void> {
  const { engine } = session;
  const { key, external } = volume;
  const name = nameIn(project, key, volume);
  if (await findVolume(engine, name)) return;
  if (external) {
    throw composeInvalid(`external volume ${JSON.stringify(name)} not found`);
  }
  tell(session, 'Volume', JSON.stringify(name), 'Creating');
  await createVolume(engine, {
    name,
    labels: { ...labelsOf(volume.labels), [LABEL.volume]: key, [LABEL.project]: project.name },
  });
  emitVolume(engine, name);
  tell(session, 'Volume', JSON.stringify(name), 'Created');
}

function emitVolume(engine: Engine, name: string): void {
  const attributes = { driver: 'local' };
  emitEvent(engine, { type: 'volume', action: 'create', id: name, attributes });
}

function labelsOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name, value.join('=')];
    }),
  );
}

/** Whether an error says that something is not there. */
export function isUnknown(error: unknown): boolean {
  return error instanceof EngineError && /-unknown$/.test(error.code);
}
