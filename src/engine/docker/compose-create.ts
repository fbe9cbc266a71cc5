import { utf8, collect } from '../bytes.ts';
import { parseDotenv } from '../compose/dotenv.ts';
import { composeInvalid } from '../compose/error.ts';
import type { Service } from '../compose/model.ts';
import { volumeName } from '../compose/read.ts';
import { createContainer } from '../containers/create.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { findImage } from '../images/find.ts';
import { digestOf, hexOf } from '../oci/digest.ts';
import type { CommandContext } from './command.ts';
import { CREATE_FLAGS } from './container-flags.ts';
import { containerRequest } from './container-request.ts';
import { FlagError, parseFlags } from './flags.ts';
import { LABEL, nameIn, pathIn, type Project } from './compose-project.ts';

const LARGEST_ENV = 1024 * 1024;

/** A service as `docker create` would be told it. */
export interface Plan {
  readonly service: Service;
  readonly container: string;
  readonly image: string;
  /** Another whenever what would be created is another. */
  readonly hash: string;
  readonly words: readonly string[];
}

/** What an image is called that is built for a service without a name for it. */
export function imageOf({ name: project }: Project, { name, image }: Service): string {
  return image ?? `${project}-${name}`;
}

export function containerOf({ name: project }: Project, { name, containerName }: Service): string {
  return containerName ?? `${project}-${name}-1`;
}

/** Errors: `image-unknown`, `compose-invalid` (an env file that is missing). */
export async function planService(
  context: CommandContext,
  project: Project,
  service: Service,
): Promise<Plan> {
  const image = imageOf(project, service);
  const words = [
    ...['--name', containerOf(project, service)],
    ...several('--env', [...(await envFiles(context, project, service)), ...service.environment]),
    ...several('--publish', service.ports),
    ...several('--expose', service.expose),
    ...several(
      '--volume',
      service.volumes.map((volume) => mountOf(project, volume)),
    ),
    ...several('--tmpfs', service.tmpfs),
    ...several('--label', service.labels),
    ...networksOf(project, service),
    ...(service.pidMode === undefined ? [] : ['--pid', modeOf(project, service.pidMode)]),
    ...service.flags,
    ...[image, ...(service.command ?? [])],
  ];
  const { id } = await findImage(context.engine, image);
  const { entrypoint, healthcheck } = service;
  const whole = JSON.stringify([words, entrypoint, healthcheck, id]);
  const hash = hexOf(digestOf(context.engine.platform, utf8(whole)));
  return { service, container: containerOf(project, service), image, hash, words };
}

/** Errors: those of `docker create`. */
export async function createPlanned(
  context: CommandContext,
  project: Project,
  { service, hash, words }: Plan,
): Promise<ContainerRecord> {
  const labels = {
    [LABEL.project]: project.name,
    [LABEL.service]: service.name,
    [LABEL.number]: '1',
    [LABEL.hash]: hash,
    'com.docker.compose.oneoff': 'False',
    'com.docker.compose.project.config_files': project.file,
  };
  const own = Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
  const request = await containerRequest({ ...context, ...parsed(service, [...own, ...words]) });
  const { entrypoint, healthcheck } = service;
  return createContainer(context.engine, {
    ...request,
    config: {
      ...request.config,
      ...(entrypoint && { Entrypoint: entrypoint.length === 0 ? [''] : entrypoint }),
      ...(healthcheck && { Healthcheck: healthcheck }),
    },
  });
}

function parsed(
  { name }: Service,
  words: readonly string[],
): Pick<CommandContext, 'flags' | 'args'> {
  try {
    return parseFlags(CREATE_FLAGS, words, { interspersed: false });
  } catch (error) {
    if (error instanceof FlagError) throw composeInvalid(`services.${name}: ${error.message}`);
    throw error;
  }
}

function several(flag: string, values: readonly string[]): readonly string[] {
  return values.flatMap((value) => [flag, value]);
}

function mountOf(project: Project, text: string): string {
  const [source = '', ...rest] = text.split(':');
  const named = volumeName(text);
  if (named !== undefined) {
    const volume = project.compose.volumes.get(named) ?? { external: false };
    return [nameIn(project, named, volume), ...rest].join(':');
  }
  return rest.length === 0 ? text : [pathIn(project, source), ...rest].join(':');
}

function networksOf(project: Project, service: Service): readonly string[] {
  const { name, networks, networkMode } = service;
  if (networkMode !== undefined) return ['--network', modeOf(project, networkMode)];
  return networks.flatMap(({ network, aliases, address }) => {
    const found = project.compose.networks.get(network) ?? { external: false };
    const fields = [
      `name=${nameIn(project, network, found)}`,
      ...[name, ...aliases].map((alias) => `alias=${alias}`),
      ...(address === undefined ? [] : [`ip=${address}`]),
    ];
    return ['--network', fields.join(',')];
  });
}

/** `service:X` is the container of X. */
function modeOf(project: Project, mode: string): string {
  const [, name] = /^service:(.*)$/.exec(mode) ?? [];
  const service = name === undefined ? undefined : project.compose.services.get(name);
  return service ? `container:${containerOf(project, service)}` : mode;
}

async function envFiles(
  { session }: CommandContext,
  project: Project,
  { envFiles: paths }: Service,
): Promise<readonly string[]> {
  const pairs: string[] = [];
  for (const path of paths) {
    const file = await session.files.open(pathIn(project, path));
    if (!file) throw composeInvalid(`env file ${path} not found`);
    const text = new TextDecoder().decode(await collect(file.stream(), LARGEST_ENV));
    for (const [name, value] of parseDotenv(text)) pairs.push(`${name}=${value}`);
  }
  return pairs;
}
