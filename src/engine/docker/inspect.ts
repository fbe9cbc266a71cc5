import { EngineError } from '../errors.ts';
import { templateError } from '../format/template-error.ts';
import { goJson } from '../gotemplate/json.ts';
import { parseTemplate } from '../gotemplate/template.ts';
import { fromJson, type GoValue } from '../gotemplate/value.ts';
import { findImage } from '../images/find.ts';
import { openImage } from '../images/open.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { OBJECT_FORMAT } from './common-flags.ts';
import { inspectImage } from './inspect-image.ts';
import { printError } from './print-error.ts';
import { usageError } from './usage-error.ts';

/** What `--type` may say, and what is said of a thing of that kind: there is none here. */
const TYPES: Readonly<Record<string, (name: string) => string>> = {
  config: (name) => `config ${name} not found`,
  container: (name) => `No such container: ${name}`,
  network: (name) => `network ${name} not found`,
  node: (name) => `node ${name} not found`,
  plugin: (name) => `plugin ${JSON.stringify(name)} not found`,
  secret: (name) => `secret ${name} not found`,
  service: (name) => `service ${name} not found`,
  task: (name) => `task ${name} not found`,
  volume: (name) => `get ${name}: no such volume`,
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
    if (type !== '' && type !== 'image' && !Object.hasOwn(TYPES, type)) {
      throw usageError(`${JSON.stringify(type)} is not a valid value for --type`, 1);
    }
    const size = context.flags.bool('size');
    return inspect(context, async (name) => {
      const other = TYPES[type];
      if (other) throw new EngineError('not-found', other(name));
      try {
        const found = await look(context, name);
        if (size) context.session.stderr.write('WARNING: --size ignored for image\n');
        return found;
      } catch (error) {
        const known = error instanceof EngineError && UNKNOWN.has(error.code);
        if (type === 'image' || !known) throw error;
        throw usageError(`Error: No such object: ${name}`, 1);
      }
    });
  },
};

const UNKNOWN = new Set(['image-unknown', 'image-ambiguous', 'reference-invalid']);

export const imageInspectCommand: CommandDefinition = {
  name: 'image inspect',
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  summary: 'Display detailed information on one or more images',
  flags: [OBJECT_FORMAT],
  arguments: { min: 1 },
  examples: ['docker image inspect app', "docker image inspect -f '{{.Config.User}}' app"],
  run: (context) => inspect(context, (name) => look(context, name)),
};

async function look({ engine }: CommandContext, name: string): Promise<GoValue> {
  return inspectImage(await openImage(engine, await findImage(engine, name)));
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
