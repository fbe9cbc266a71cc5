import { findContainer, listContainers } from '../containers/registry.ts';
import { liveContainer } from '../containers/running.ts';
import { containerSize } from '../containers/size.ts';
import { findVolume } from '../containers/volumes.ts';
import { EngineError } from '../errors.ts';
import { templateError } from '../format/template-error.ts';
import { goJson } from '../gotemplate/json.ts';
import { parseTemplate } from '../gotemplate/template.ts';
import { fromJson, type GoValue } from '../gotemplate/value.ts';
import { findImage } from '../images/find.ts';
import { openImage } from '../images/open.ts';
import { leasesIn } from '../networks/leases.ts';
import { findNetwork } from '../networks/registry.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { OBJECT_FORMAT } from './common-flags.ts';
import { inspectContainer } from './inspect-container.ts';
import { inspectImage } from './inspect-image.ts';
import { inspectNetwork } from './inspect-network.ts';
import { inspectVolume } from './inspect-volume.ts';
import { printError } from './print-error.ts';
import { usageError } from './usage-error.ts';

type Finder = (context: CommandContext, name: string) => Promise<GoValue>;

/** By what `--type` may say, in the order in which Docker looks where it does not. */
const FINDERS: Readonly<Record<string, Finder>> = {
  container: lookContainer,
  image: lookImage,
  network: lookNetwork,
  volume: lookVolume,
};

/** What is said of a thing of a kind that there is none of here. */
const ABSENT: Readonly<Record<string, (name: string) => string>> = {
  config: (name) => `config ${name} not found`,
  node: (name) => `node ${name} not found`,
  plugin: (name) => `plugin ${JSON.stringify(name)} not found`,
  secret: (name) => `secret ${name} not found`,
  service: (name) => `service ${name} not found`,
  task: (name) => `task ${name} not found`,
};

export const inspectCommand: CommandDefinition = {
  name: 'inspect',
  usage: '[OPTIONS] NAME|ID [NAME|ID...]',
  summary: 'Return low-level information on Docker objects',
  flags: [
    OBJECT_FORMAT,
    {
      name: 'size',
      short: 's',
      kind: 'bool',
      help: 'Display total file sizes if the type is container',
    },
    { name: 'type', kind: 'string', value: 'string', help: 'Return JSON for specified type' },
  ],
  arguments: { min: 1 },
  examples: [
    'docker inspect app',
    "docker inspect -f '{{json .Config.Entrypoint}}' app",
    "docker inspect -f '{{len .RootFS.Layers}}' app",
  ],
  async run(context) {
    const type = context.flags.string('type') ?? '';
    const absent = ABSENT[type];
    const finder = FINDERS[type];
    if (type !== '' && !absent && !finder) {
      throw usageError(`${JSON.stringify(type)} is not a valid value for --type`, 1);
    }
    return inspect(context, (name) => {
      if (absent) throw new EngineError('not-found', absent(name));
      return finder ? finder(context, name) : lookEverywhere(context, name);
    });
  },
};

export const imageInspectCommand: CommandDefinition = {
  name: 'image inspect',
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  summary: 'Display detailed information on one or more images',
  flags: [OBJECT_FORMAT],
  arguments: { min: 1 },
  examples: ['docker image inspect app', "docker image inspect -f '{{.Config.User}}' app"],
  run: (context) => inspect(context, (name) => lookImage(context, name)),
};

export const containerInspectCommand: CommandDefinition = {
  name: 'container inspect',
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary: 'Display detailed information on one or more containers',
  flags: [
    OBJECT_FORMAT,
    { name: 'size', short: 's', kind: 'bool', help: 'Display total file sizes' },
  ],
  arguments: { min: 1 },
  examples: [
    'docker container inspect web',
    "docker container inspect -f '{{.State.ExitCode}}' web",
  ],
  run: (context) => inspect(context, (name) => lookContainer(context, name)),
};

export const volumeInspectCommand: CommandDefinition = {
  name: 'volume inspect',
  usage: '[OPTIONS] VOLUME [VOLUME...]',
  summary: 'Display detailed information on one or more volumes',
  flags: [OBJECT_FORMAT],
  arguments: { min: 1 },
  examples: ['docker volume inspect data', "docker volume inspect -f '{{.Labels}}' data"],
  run: (context) => inspect(context, (name) => lookVolume(context, name)),
};

export const networkInspectCommand: CommandDefinition = {
  name: 'network inspect',
  usage: '[OPTIONS] NETWORK [NETWORK...]',
  summary: 'Display detailed information on one or more networks',
  flags: [
    OBJECT_FORMAT,
    { name: 'verbose', short: 'v', kind: 'bool', help: 'Verbose output for diagnostics' },
  ],
  arguments: { min: 1 },
  examples: [
    'docker network inspect backend',
    "docker network inspect -f '{{range .Containers}}{{.Name}} {{.IPv4Address}}{{println}}{{end}}' backend",
  ],
  run: (context) => inspect(context, (name) => lookNetwork(context, name)),
};

const UNKNOWN = new Set([
  ...['image-unknown', 'image-ambiguous', 'reference-invalid'],
  ...['container-unknown', 'network-unknown', 'volume-unknown'],
]);

async function lookEverywhere(context: CommandContext, name: string): Promise<GoValue> {
  for (const [type, finder] of Object.entries(FINDERS)) {
    try {
      const found = await finder(context, name);
      if (type !== 'container' && context.flags.bool('size')) {
        context.session.stderr.write(`WARNING: --size ignored for ${type}\n`);
      }
      return found;
    } catch (error) {
      if (!(error instanceof EngineError && UNKNOWN.has(error.code))) throw error;
    }
  }
  throw usageError(`Error: No such object: ${name}`, 1);
}

async function lookContainer({ engine, flags }: CommandContext, name: string): Promise<GoValue> {
  const record = await findContainer(engine, name);
  const execs = [...(liveContainer(engine, record.id)?.execs.keys() ?? [])];
  const size = flags.bool('size') ? await containerSize(engine, record) : undefined;
  return inspectContainer(record, { execs, ...(size && { size }) });
}

async function lookImage({ engine }: CommandContext, name: string): Promise<GoValue> {
  return inspectImage(await openImage(engine, await findImage(engine, name)));
}

async function lookNetwork({ engine }: CommandContext, name: string): Promise<GoValue> {
  const network = await findNetwork(engine, name);
  return inspectNetwork(network, leasesIn(engine, network.id), await listContainers(engine));
}

async function lookVolume({ engine }: CommandContext, name: string): Promise<GoValue> {
  const volume = await findVolume(engine, name);
  if (volume) return inspectVolume(volume);
  throw new EngineError('volume-unknown', `get ${name}: no such volume`);
}

/** Prints what is found, then complains of what is not. */
async function inspect(
  { session, args, flags }: CommandContext,
  find: (name: string) => Promise<GoValue>,
): Promise<number> {
  const format = flags.string('format') ?? '';
  const print = printer(format);
  const errors: EngineError[] = [];
  for (const name of args) {
    try {
      print.add(await find(name));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      errors.push(error);
    }
  }
  session.stdout.write(print.end());
  for (const error of errors) printError(error, session);
  return errors.length === 0 ? 0 : 1;
}

interface Printer {
  add(value: GoValue): void;
  end(): string;
}

function printer(format: string): Printer {
  if (format !== '' && format !== 'json') return templatePrinter(format);
  const values: GoValue[] = [];
  return {
    add: (value) => void values.push(value),
    end: () => {
      const list: GoValue = { kind: 'slice', items: values, nil: false, type: '[]interface {}' };
      return `${goJson(list, format === 'json' ? { html: false } : { html: false, indent: '    ' })}\n`;
    },
  };
}

function templatePrinter(format: string): Printer {
  const template = templateError(() => parseTemplate(format), 64);
  let output = '';
  return {
    add(value) {
      try {
        output += `${template.render(value)}\n`;
      } catch {
        // As Docker does: what has no such field may have it in the JSON it came from.
        const document = fromJson(JSON.parse(goJson(value)));
        output += `${templateError(() => template.render(document, { strictKeys: true }))}\n`;
      }
    },
    end: () => (output === '' ? '\n' : output),
  };
}
