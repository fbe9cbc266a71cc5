import { startOrder } from '../compose/order.ts';
import { stopContainer } from '../containers/control.ts';
import { anonymousVolumes, findContainer, listContainers } from '../containers/registry.ts';
import { removeContainer } from '../containers/remove.ts';
import { isRunning } from '../containers/state.ts';
import { volumeUsers } from '../containers/filter.ts';
import { deleteVolume, listVolumes } from '../containers/volumes.ts';
import { emitEvent } from '../containers/events.ts';
import { EngineError } from '../errors.ts';
import { collectGarbage } from '../images/garbage.ts';
import { listNetworks } from '../networks/registry.ts';
import { removeNetwork } from '../networks/remove.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import {
  LABEL,
  openProject,
  type Project,
  PROJECT_FLAGS,
  projectContainers,
  serviceOf,
  tell,
} from './compose-project.ts';

export const composeDownCommand: CommandDefinition = {
  name: 'compose down',
  usage: '[OPTIONS]',
  summary: 'Stop and remove containers, networks',
  flags: [
    {
      name: 'timeout',
      short: 't',
      kind: 'int',
      value: 'int',
      help: 'Specify a shutdown timeout in seconds',
    },
    {
      name: 'volumes',
      short: 'v',
      kind: 'bool',
      help: 'Remove named volumes declared in the "volumes" section of the Compose file and anonymous volumes attached to containers',
    },
    ...PROJECT_FLAGS,
  ],
  arguments: { min: 0, max: 0 },
  examples: ['docker compose down', 'docker compose down -v'],
  async run(context) {
    const { session, flags } = context;
    const project = await openProject(context);
    const containers = await removeContainers(context, project);
    const networks = await removeNetworks(context, project);
    const volumes = flags.bool('volumes') ? await removeVolumes(context, project) : 0;
    if (containers + networks + volumes === 0) {
      session.stderr.write(`Warning: No resource found to remove for project "${project.name}".\n`);
    }
    return 0;
  },
};

/** In the opposite order of their start. */
async function removeContainers(
  { session, engine, flags }: CommandContext,
  project: Project,
): Promise<number> {
  const order = startOrder(project.compose).map(({ name }) => name);
  const records = (await projectContainers(engine, project)).toSorted(
    (a, b) => order.indexOf(serviceOf(b)) - order.indexOf(serviceOf(a)),
  );
  const seconds = flags.int('timeout');
  const volumes = flags.bool('volumes');
  for (const record of records) {
    const { id, name } = record;
    if (isRunning(record)) {
      tell(session, 'Container', name, 'Stopping');
      await stopContainer(engine, record, {
        keeps: true,
        ...(seconds !== undefined && { seconds }),
      });
      tell(session, 'Container', name, 'Stopped');
    }
    tell(session, 'Container', name, 'Removing');
    await removeContainer(engine, await findContainer(engine, id), { force: true, volumes });
    tell(session, 'Container', name, 'Removed');
  }
  return records.length;
}

async function removeNetworks(
  { session, engine }: CommandContext,
  project: Project,
): Promise<number> {
  const own = (await listNetworks(engine)).filter(
    ({ labels }) => labels[LABEL.project] === project.name,
  );
  for (const network of own) {
    tell(session, 'Network', network.name, 'Removing');
    try {
      await removeNetwork(engine, network);
      tell(session, 'Network', network.name, 'Removed');
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'network-in-use') throw error;
      tell(session, 'Network', network.name, 'Resource is still in use');
    }
  }
  return own.length;
}

async function removeVolumes(
  { session, engine }: CommandContext,
  project: Project,
): Promise<number> {
  const own = (await listVolumes(engine)).filter(
    ({ labels }) => labels[LABEL.project] === project.name,
  );
  const containers = await listContainers(engine);
  const used = new Set([
    ...volumeUsers(containers).keys(),
    ...containers.flatMap(anonymousVolumes),
  ]);
  for (const { name } of own) {
    tell(session, 'Volume', name, 'Removing');
    if (used.has(name)) {
      tell(session, 'Volume', name, 'Resource is still in use');
      continue;
    }
    await deleteVolume(engine, name);
    const attributes = { driver: 'local' };
    emitEvent(engine, { type: 'volume', action: 'destroy', id: name, attributes });
    tell(session, 'Volume', name, 'Removed');
  }
  if (own.length > 0) await collectGarbage(engine);
  return own.length;
}
