import { collect } from '../bytes.ts';
import { parseDotenv } from '../compose/dotenv.ts';
import { composeInvalid } from '../compose/error.ts';
import { interpolate } from '../compose/interpolate.ts';
import type { ComposeFile } from '../compose/model.ts';
import { readCompose } from '../compose/read.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { listContainers } from '../containers/registry.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { CommandContext, FlagDefinition } from './command.ts';
import type { Session } from './session.ts';
import { usageError } from './usage-error.ts';

/** Where Compose looks, in its order. */
const FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const OVERRIDES = FILES.map((name) => name.replace('.y', '.override.y'));
const LARGEST = 1024 * 1024;
const MISSING = 14;

/** Flags that stand between `compose` and the command. */
export const COMPOSE_FLAGS: readonly FlagDefinition[] = [
  {
    name: 'file',
    short: 'f',
    kind: 'list',
    value: 'stringArray',
    help: 'Compose configuration files',
  },
  { name: 'project-name', short: 'p', kind: 'string', value: 'string', help: 'Project name' },
];

/** The same, as the commands are given them. */
export const PROJECT_FLAGS: readonly FlagDefinition[] = COMPOSE_FLAGS.map(
  ({ name, kind, value = '', help }) => ({ name, kind, value, help, hidden: true }),
);

export interface Project {
  readonly name: string;
  readonly compose: ComposeFile;
  /** The file's folder as the command's user would type it; what is relative in the file is relative to it. */
  readonly folder: string;
  readonly file: string;
  readonly variables: ReadonlyMap<string, string>;
}

export const LABEL = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  number: 'com.docker.compose.container-number',
  hash: 'com.docker.compose.config-hash',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
} as const;

/** The project of the command's folder, or of `-f`. Errors: `compose-invalid`, `yaml-invalid`, `usage`. */
export async function openProject({ session, flags }: CommandContext): Promise<Project> {
  const file = await findFile(session, flags.list('file'));
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : './';
  const own = parseDotenv((await readText(session, `${folder}.env`)) ?? '');
  const variables = new Map([...own, ...Object.entries(session.env)]);
  const text = await readText(session, file);
  if (text === undefined) throw missing(`open ${file}: no such file or directory`);
  if (!session.parseYaml) {
    throw new EngineError('compose-missing', 'docker compose is not available here');
  }
  const unset = new Set<string>();
  const value = interpolate(await session.parseYaml(text), {
    get: (name) => variables.get(name),
    missing: (name) => void unset.add(name),
  });
  for (const name of unset) {
    session.stderr.write(
      `WARN[0000] The ${JSON.stringify(name)} variable is not set. Defaulting to a blank string. \n`,
    );
  }
  const compose = readCompose(value);
  const asked = flags.string('project-name') ?? variables.get('COMPOSE_PROJECT_NAME');
  const name = asked ?? compose.name ?? folderName(session, folder);
  return { name: projectName(name, asked ?? compose.name), compose, folder, file, variables };
}

/** A path of the file as the command's user would type it. */
export function pathIn({ folder }: Project, path: string): string {
  if (path.startsWith('/')) return path;
  const below = path.replace(/^(?:\.\/)+/, '');
  return below === '.' || below === '' ? folder : `${folder}${below}`;
}

/** The name that the project gives something of the file: `project_data`. */
export function nameIn(
  { name }: Project,
  key: string,
  thing: { readonly name?: string; readonly external: boolean },
): string {
  return thing.name ?? (thing.external ? key : `${name}_${key}`);
}

/** The project's containers, newest first. */
export async function projectContainers(
  engine: Engine,
  { name }: Pick<Project, 'name'>,
): Promise<readonly ContainerRecord[]> {
  return (await listContainers(engine)).filter(
    ({ config }) => config.Labels?.[LABEL.project] === name,
  );
}

export function serviceOf({ config }: ContainerRecord): string {
  return config.Labels?.[LABEL.service] ?? '';
}

/** ` Container app-web-1  Started`, as Compose tells what it does where there is no terminal. */
export function tell(session: Session, what: string, name: string, state: string): void {
  session.stderr.write(` ${what} ${name}  ${state}\n`);
}

async function findFile(session: Session, given: readonly string[]): Promise<string> {
  if (given.length > 1) {
    throw usageError('more than one --file is not available here: files are not merged', 1);
  }
  const [only] = given;
  if (only !== undefined) return only;
  for (const name of OVERRIDES) {
    if ((await session.files.kind(name)) === 'none') continue;
    throw usageError(
      `${name} is not available here: files are not merged; name one file with --file`,
      1,
    );
  }
  for (const name of FILES) if ((await session.files.kind(name)) === 'file') return name;
  throw missing('no configuration file provided: not found');
}

function missing(message: string): EngineError {
  return new EngineError('usage', message, { exitCode: MISSING });
}

async function readText(session: Session, path: string): Promise<string | undefined> {
  const file = await session.files.open(path);
  return file && new TextDecoder().decode(await collect(file.stream(), LARGEST));
}

function folderName(session: Session, folder: string): string {
  const absolute = session.workspace?.locate(folder)?.absolute ?? session.env['PWD'] ?? '';
  return (
    absolute
      .replace(/\/+\.?$/, '')
      .split('/')
      .at(-1) ?? ''
  );
}

/** A folder's name is made to fit, one that was chosen has to. */
function projectName(name: string, chosen: string | undefined): string {
  const fitting = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
  if (chosen !== undefined && fitting !== name) {
    throw composeInvalid(
      `invalid project name ${JSON.stringify(name)}: must consist only of lowercase alphanumeric characters, ` +
        'hyphens, and underscores as well as start with a letter or number',
    );
  }
  if (fitting === '') throw composeInvalid('project name must not be empty');
  return fitting;
}
