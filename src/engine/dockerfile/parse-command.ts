import { EngineError } from '../errors.ts';
import { quote } from '../format/go-quote.ts';
import type { SourceRange } from './diagnostic.ts';
import { parseDuration } from './durations.ts';
import { flag, type FlagValue, type Flags } from './flags.ts';
import { isAsciiSpace } from './go-text.ts';
import type { Command, HealthcheckInstruction, MountFlag } from './instructions.ts';
import { readJsonForm } from './json-form.ts';
import { mountFields, resolveMount } from './mounts.ts';
import { isParseError, parseError, type ParseError } from './parse-error.ts';
import { atBuild, atLeastOne, type InstructionParser, type Source } from './parse-instruction.ts';

/** RUN, CMD, ENTRYPOINT, SHELL and HEALTHCHECK: what is run, and how. */

const JSON_HINT = 'Every element stands in double quotes: ["a", "1"].';

export function notStrings(source: Source): ParseError {
  return source.failEarly(
    'json-strings',
    'when using JSON array syntax, arrays must be comprised of strings only',
    JSON_HINT,
  );
}

function readCommand(source: Source, text: string): Command | ParseError {
  const argv = readJsonForm(text);
  if (argv === 'not-strings') return notStrings(source);
  if (argv !== 'not-json') return { form: 'exec', argv };
  return { form: 'shell', line: text, heredocs: source.line.heredocs };
}

export const parseRun: InstructionParser = (source) => {
  const command = readCommand(source, source.line.rest.text);
  if (isParseError(command)) return command;
  const flags = source.flags({ mount: 'strings', network: 'string', security: 'string' });
  if (isParseError(flags)) return flags;
  const security = flag(flags, 'security');
  if (security !== undefined) {
    return atBuild(
      source.fail(
        'run-security',
        `RUN --security=${security} is not supported: this engine runs every process confined`,
        'Leave the flag out.',
      ),
    );
  }
  const mounts: MountFlag[] = [];
  for (const value of flags.get('mount') ?? []) {
    const mount = readMount(value, source.at(value.word));
    if (isParseError(mount)) return mount;
    mounts.push(mount);
  }
  const network = flag(flags, 'network') ?? 'default';
  if (network !== 'default' && network !== 'none' && network !== 'host') {
    return source.fail(
      'invalid-network',
      `invalid network mode ${quote(network)}`,
      'RUN --network takes default, none or host.',
    );
  }
  return { kind: 'run', ...source.base, command, mounts, network };
};

/** Options with variables are checked when the build has substituted them. */
function readMount({ value }: FlagValue, range: SourceRange): MountFlag | ParseError {
  try {
    const options: Record<string, string> = {};
    for (const field of mountFields(value)) {
      const equals = field.indexOf('=');
      const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
      const text = equals < 0 ? '' : field.slice(equals + 1);
      if (key === 'from' && /\$./.test(text)) {
        throw new EngineError(
          'invalid-mount',
          `'from' doesn't support variable expansion, define alias stage instead`,
          { hint: 'Write FROM $image AS name above and from=name here.' },
        );
      }
      options[key] = text;
    }
    if (value.includes('$')) {
      const type = resolvedType(options['type']);
      return { type, options, text: value, range };
    }
    const { type } = resolveMount(value, (text) => text);
    return { type, options, text: value, range };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const problem = parseError(error.code, error.message, error.hint ?? '', range);
    // BuildKit reads everything but `from` when it comes to build the line.
    return /^failed to parse csv|doesn't support variable/.test(error.message)
      ? problem
      : atBuild(problem);
  }
}

function resolvedType(written: string | undefined): MountFlag['type'] {
  if (written?.includes('$')) return undefined;
  return resolveMount(`type=${written ?? 'bind'},target=/`, (text) => text).type;
}

export const parseCmd: InstructionParser = (source) => {
  const command = readCommand(source, source.line.rest.text);
  if (isParseError(command)) return command;
  const flags = source.flags({});
  if (isParseError(flags)) return flags;
  const kind = source.keyword === 'CMD' ? 'cmd' : 'entrypoint';
  return { kind, ...source.base, command };
};

export const parseShell: InstructionParser = (source) => {
  const { rest } = source.line;
  const argv = readJsonForm(rest.text);
  if (argv === 'not-strings') return notStrings(source);
  const flags = source.flags({});
  if (isParseError(flags)) return flags;
  if (rest.text === '' || argv.length === 0) return atLeastOne(source, 'SHELL ["/bin/sh", "-c"]');
  if (argv === 'not-json') {
    return source.fail(
      'shell-form',
      `SHELL requires the arguments to be in JSON form`,
      'Write SHELL ["/bin/bash", "-c"].',
    );
  }
  return { kind: 'shell', ...source.base, argv };
};

export const parseHealthcheck: InstructionParser = (source) => {
  const { text } = source.line.rest;
  const end = firstSpace(text);
  const kind = text.slice(0, end === -1 ? undefined : end).toUpperCase();
  const body = end === -1 ? '' : text.slice(end).replace(/^[\t-\r ]+/, '');
  const command = readCommand(source, body);
  if (isParseError(command)) return command;
  if (text === '') return atLeastOne(source, 'HEALTHCHECK CMD … or HEALTHCHECK NONE');
  if (kind === 'NONE') {
    if (body === '' || (command.form === 'exec' && command.argv.length === 0)) {
      return { kind: 'healthcheck', ...source.base, health: { none: true } };
    }
    return source.fail(
      'healthcheck',
      'HEALTHCHECK NONE takes no arguments',
      'NONE switches off the check of the base image.',
    );
  }
  const flags = source.flags({
    interval: 'string',
    timeout: 'string',
    'start-period': 'string',
    'start-interval': 'string',
    retries: 'string',
  });
  if (isParseError(flags)) return flags;
  if (kind !== 'CMD') {
    return source.fail(
      'healthcheck',
      `Unknown type ${quote(kind)} in HEALTHCHECK (try CMD)`,
      'Write HEALTHCHECK CMD followed by the command.',
    );
  }
  if (body === '' || (command.form === 'exec' && command.argv.length === 0)) {
    return source.fail(
      'healthcheck',
      'Missing command after HEALTHCHECK CMD',
      'Write the command that exits with 0 while the container is healthy.',
    );
  }
  const options = readHealthOptions(source, flags);
  if (isParseError(options)) return options;
  return { kind: 'healthcheck', ...source.base, health: { none: false, command, options } };
};

type HealthOptions = Extract<HealthcheckInstruction['health'], { readonly none: false }>['options'];

const DURATIONS = [
  ['interval', 'Interval'],
  ['timeout', 'Timeout'],
  ['start-period', 'StartPeriod'],
  ['start-interval', 'StartInterval'],
] as const;

function readHealthOptions(source: Source, flags: Flags): HealthOptions | ParseError {
  const options: Record<string, number> = {};
  const fail = (name: string, message: string) => {
    const word = flags.get(name)?.[0]?.word;
    const range = word ? source.at(word) : source.base.range;
    return parseError('healthcheck', message, 'Durations read 30s, 1m30s, 500ms.', range);
  };
  for (const [name, field] of DURATIONS) {
    const text = flag(flags, name) ?? '';
    if (text === '') continue;
    const duration = parseDuration(text);
    if ('problem' in duration) return fail(name, duration.problem);
    if (duration.nanoseconds === 0) continue;
    if (duration.nanoseconds < 1_000_000) {
      return fail(name, `Interval ${quote(name)} cannot be less than 1ms`);
    }
    options[field] = duration.nanoseconds;
  }
  const retries = flag(flags, 'retries') ?? '';
  if (retries === '') return options;
  if (!/^[+-]?\d+$/.test(retries)) {
    return fail('retries', `strconv.ParseInt: parsing ${quote(retries)}: invalid syntax`);
  }
  const count = Number(retries);
  if (count > 2 ** 31 - 1 || count < -(2 ** 31)) {
    return fail('retries', `strconv.ParseInt: parsing ${quote(retries)}: value out of range`);
  }
  if (count < 0) return fail('retries', `--retries cannot be negative (${count})`);
  if (count > 0) options['Retries'] = count;
  return options;
}

function firstSpace(text: string): number {
  for (let at = 0; at < text.length; at++) if (isAsciiSpace(text.charAt(at))) return at;
  return -1;
}
