import type { Condition, Service } from '../compose/model.ts';
import { needsOf, startOrder } from '../compose/order.ts';
import { stopContainer } from '../containers/control.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { findContainer } from '../containers/registry.ts';
import { removeContainer } from '../containers/remove.ts';
import { startContainer } from '../containers/start.ts';
import { isRunning } from '../containers/state.ts';
import { EngineError } from '../errors.ts';
import { findImage } from '../images/find.ts';
import { buildService } from './compose-build.ts';
import { containerOf, createPlanned, imageOf, type Plan, planService } from './compose-create.ts';
import { shortName, showLogs } from './compose-log.ts';
import {
  LABEL,
  openProject,
  type Project,
  PROJECT_FLAGS,
  projectContainers,
  serviceOf,
  tell,
} from './compose-project.ts';
import { isUnknown, makeResources } from './compose-resources.ts';
import { waitFor } from './compose-wait.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { parseFlags } from './flags.ts';
import { CREATE_FLAGS } from './container-flags.ts';
import { pullMissing } from './pull-missing.ts';

const SIGINT = 2;
const INTERRUPTED = 130;

export const composeUpCommand: CommandDefinition = {
  name: 'compose up',
  usage: '[OPTIONS] [SERVICE...]',
  summary: 'Create and start containers',
  flags: [
    { name: 'build', kind: 'bool', help: 'Build images before starting containers' },
    {
      name: 'detach',
      short: 'd',
      kind: 'bool',
      help: 'Detached mode: Run containers in the background',
    },
    {
      name: 'force-recreate',
      kind: 'bool',
      help: "Recreate containers even if their configuration and image haven't changed",
    },
    {
      name: 'wait',
      kind: 'bool',
      help: 'Wait for services to be running|healthy. Implies detached mode.',
    },
    ...PROJECT_FLAGS,
  ],
  arguments: { min: 0 },
  examples: ['docker compose up -d', 'docker compose up -d --build web'],
  stores: true,
  async run(context) {
    const { session, args, flags } = context;
    const project = await openProject(context);
    const services = startOrder(project.compose, args);
    for (const service of services) await imageFor(context, project, service);
    await makeResources(session, project, services);
    const began = session.engine.platform.now();
    for (const service of services) {
      await converge(context, project, await planService(context, project, service));
    }
    const records: ContainerRecord[] = [];
    for (const service of services) records.push(await start(context, project, service));
    if (flags.bool('wait')) {
      for (const service of services) {
        if (service.healthcheck) await need(context, project, service, 'service_healthy');
      }
    }
    if (!flags.bool('detach') && !flags.bool('wait')) {
      return follow(context, project, records, began);
    }
    if (session.endsEngine === true) {
      session.stderr.write(
        'Note: containers live as long as the process that runs them, and this command ends now: use a shell, "semdistro sh".\n',
      );
    }
    return 0;
  },
};

/** Builds it, or pulls it, or finds it there. */
async function imageFor(
  context: CommandContext,
  project: Project,
  service: Service,
): Promise<void> {
  const image = imageOf(project, service);
  if (service.build) {
    if (context.flags.bool('build') || !(await isThere(context, image))) {
      await buildService(context, project, service.build, image);
    }
    return;
  }
  await pullMissing({ ...context, ...parseFlags(CREATE_FLAGS, [image], { interspersed: false }) });
}

async function isThere({ engine }: CommandContext, image: string): Promise<boolean> {
  try {
    await findImage(engine, image);
    return true;
  } catch (error) {
    if (isUnknown(error)) return false;
    throw error;
  }
}

/** Makes the container of a plan; one that is as planned stays, another is replaced. */
async function converge(context: CommandContext, project: Project, plan: Plan): Promise<void> {
  const { session, engine, flags } = context;
  const old = (await projectContainers(engine, project)).find(
    (record) => serviceOf(record) === plan.service.name,
  );
  const isSame = old?.config.Labels?.[LABEL.hash] === plan.hash && !flags.bool('force-recreate');
  if (old && isSame) {
    tell(session, 'Container', old.name, isRunning(old) ? 'Running' : 'Created');
    return;
  }
  tell(session, 'Container', plan.container, old ? 'Recreate' : 'Creating');
  if (old) {
    await stopContainer(engine, old, { keeps: true });
    await removeContainer(engine, await findContainer(engine, old.id), {
      force: true,
      volumes: false,
    });
  }
  await createPlanned(context, project, plan);
  tell(session, 'Container', plan.container, old ? 'Recreated' : 'Created');
}

/** Starts a service once what it needs is as it has to be. */
async function start(
  context: CommandContext,
  project: Project,
  service: Service,
): Promise<ContainerRecord> {
  const { session, engine } = context;
  for (const [name, condition] of needsOf(service)) {
    const other = project.compose.services.get(name);
    if (other && condition !== 'service_started') await need(context, project, other, condition);
  }
  const name = containerOf(project, service);
  const record = await findContainer(engine, name);
  if (isRunning(record)) return record;
  tell(session, 'Container', name, 'Starting');
  await startContainer(engine, record);
  tell(session, 'Container', name, 'Started');
  return findContainer(engine, name);
}

async function need(
  { session, engine }: CommandContext,
  project: Project,
  service: Service,
  condition: Exclude<Condition, 'service_started'>,
): Promise<void> {
  const name = containerOf(project, service);
  tell(session, 'Container', name, 'Waiting');
  try {
    await waitFor(engine, name, condition, session.signal);
  } catch (error) {
    if (error instanceof EngineError) tell(session, 'Container', name, 'Error');
    throw error;
  }
  tell(session, 'Container', name, condition === 'service_healthy' ? 'Healthy' : 'Exited');
}

/** Shows what the containers print until they all have ended; Ctrl-C stops them. */
async function follow(
  { session, engine }: CommandContext,
  project: Project,
  records: readonly ContainerRecord[],
  since: number,
): Promise<number> {
  const names = records.map((record) => shortName(project, record));
  session.stdout.write(`Attaching to ${names.join(', ')}\n`);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    session.stdout.write('Gracefully stopping... (press Ctrl+C again to force)\n');
    for (const { id, name } of records.toReversed()) {
      const record = await findContainer(engine, id);
      if (!isRunning(record)) continue;
      tell(session, 'Container', name, 'Stopping');
      await stopContainer(engine, record);
      tell(session, 'Container', name, 'Stopped');
    }
  };
  const interrupted = (): void => {
    stopping ??= stop();
  };
  const unlisten = session.signals?.listen((signal) => {
    if (signal === SIGINT) interrupted();
  });
  session.signal.addEventListener('abort', interrupted);
  try {
    await showLogs(session, project, records, {
      ...{ follow: true, since },
      async onEnd(record, name) {
        const { state } = await findContainer(engine, record.id);
        session.stdout.write(`${name} exited with code ${state.exitCode}\n`);
      },
    });
    await stopping;
    return stopping ? INTERRUPTED : 0;
  } finally {
    unlisten?.();
    session.signal.removeEventListener('abort', interrupted);
  }
}
