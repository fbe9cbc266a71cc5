import { didYouMean } from '../dockerfile/suggest.ts';
import { EngineError } from '../errors.ts';
import { keepingBlobs } from '../images/garbage.ts';
import type { CommandDefinition, FlagDefinition } from './command.ts';
import { COMMANDS, type Group, GROUPS } from './commands.ts';
import { FlagError, parseFlags } from './flags.ts';
import { COMPOSE_FLAGS } from './compose-project.ts';
import { commandHelp, usageHead } from './help.ts';
import { elsewhere } from './elsewhere.ts';
import { printError } from './print-error.ts';
import { groupHelp, rootHelp } from './root-help.ts';
import type { Session } from './session.ts';
import { usageError } from './usage-error.ts';
import { VERSION } from './about.ts';

/** Docker's own flags before the command. Where the daemon is does not matter here: it is this engine. */
const GLOBAL_FLAGS: readonly FlagDefinition[] = [
  { name: 'config', kind: 'string', value: 'string', help: 'Ignored here' },
  { name: 'context', short: 'c', kind: 'string', value: 'string', help: 'Ignored here' },
  { name: 'debug', short: 'D', kind: 'bool', help: 'Ignored here' },
  { name: 'host', short: 'H', kind: 'list', value: 'list', help: 'Ignored here' },
  { name: 'log-level', short: 'l', kind: 'string', value: 'string', help: 'Ignored here' },
  { name: 'version', short: 'v', kind: 'bool', help: 'Print version information and quit' },
];

/**
 * Runs `docker ARGS…` and resolves to its exit code. Everything a user may do wrong is printed;
 * what is thrown is a bug. After `session.signal` it ends with 130.
 */
export async function docker(args: readonly string[], session: Session): Promise<number> {
  try {
    return await dispatch(args, session);
  } catch (error) {
    if (session.signal.aborted) return 130;
    if (!(error instanceof EngineError)) throw error;
    printError(error, session);
    return error.exitCode;
  } finally {
    await session.stdout.drain();
  }
}

async function dispatch(args: readonly string[], session: Session): Promise<number> {
  const globals = withUsage('docker', () =>
    parseFlags(GLOBAL_FLAGS, args, { interspersed: false }),
  );
  const words = composeWords(globals.args);
  if (globals.flags.bool('version')) {
    session.stdout.write(`Docker version ${VERSION}, build semdistro\n`);
    return 0;
  }
  const [first] = words;
  if (first === undefined || first === 'help' || globals.help !== false) {
    return help(first === 'help' ? words.slice(1) : words, session);
  }
  const found = find(words);
  if (found) return run(found, session);
  const group = GROUPS.find(({ name }) => name === first);
  if (group) return runGroup(group, words.slice(1), session);
  throw (
    elsewhere(words) ??
    usageError(
      `docker: '${first}' is not a docker command.\nSee 'docker --help'${meantCommand(first)}`,
      1,
    )
  );
}

/** `compose -f FILE up` as `compose up --file FILE`: flags that stand before the command are its own. */
function composeWords(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  if (first !== 'compose' || rest[0]?.startsWith('-') !== true) return words;
  const {
    args,
    flags,
    help: wantsHelp,
  } = withUsage('docker compose', () => parseFlags(COMPOSE_FLAGS, rest, { interspersed: false }));
  const [command, ...others] = args;
  if (command === undefined || wantsHelp !== false) return [first, '--help'];
  const files = flags.list('file').map((file) => `--file=${file}`);
  const name = flags.string('project-name');
  return [
    first,
    command,
    ...files,
    ...(name === undefined ? [] : [`--project-name=${name}`]),
    ...others,
  ];
}

function meantCommand(word: string): string {
  const commands = COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  const names = [...commands, ...GROUPS.map(({ name }) => name)];
  // Many names are so short that every word is near one: the first letter at least must be right.
  const initial = word.charAt(0).toLowerCase();
  const single = names.filter((name) => !name.includes(' ') && name.startsWith(initial));
  return didYouMean(word, single, { exactCase: false });
}

interface Found {
  readonly command: CommandDefinition;
  /** The words that named it, `image ls`. */
  readonly path: string;
  readonly rest: readonly string[];
}

function find(words: readonly string[]): Found | undefined {
  for (const count of [2, 1]) {
    if (words.length < count) continue;
    const path = words.slice(0, count).join(' ');
    const command = COMMANDS.find(
      ({ name, aliases = [] }) => name === path || aliases.includes(path),
    );
    if (command) return { command, path, rest: words.slice(count) };
  }
  return undefined;
}

async function run({ command, path, rest }: Found, session: Session): Promise<number> {
  const shown = command.plugin === undefined ? path : `${command.plugin} ${command.name}`;
  const parsed = withUsage(`docker ${shown}`, () =>
    parseFlags(command.flags, rest, { interspersed: command.flagsFirst !== true }),
  );
  if (parsed.help !== false) {
    if (parsed.help === 'short') {
      session.stderr.write('Flag shorthand -h has been deprecated, please use --help\n');
    }
    session.stdout.write(commandHelp(command, shown));
    return 0;
  }
  checkCount(command, shown, parsed.args.length);
  const context = { engine: session.engine, session, args: parsed.args, flags: parsed.flags };
  return command.stores === true
    ? keepingBlobs(session.engine, () => command.run(context))
    : command.run(context);
}

function checkCount(command: CommandDefinition, path: string, count: number): void {
  const { min, max } = command.arguments;
  if (count >= min && (max === undefined || count <= max)) return;
  const problem =
    min === 0 && max === 0
      ? 'accepts no arguments.'
      : min === max
        ? `requires exactly ${plural(min)}.`
        : count < min
          ? `requires at least ${plural(min)}.`
          : `requires at most ${plural(max ?? 0)}.`;
  const prefix = command.plugin === undefined ? '' : 'ERROR: ';
  throw usageError(
    `${prefix}"docker ${path}" ${problem}\nSee 'docker ${path} --help'.\n\n${usageHead(command, path)}`,
    1,
  );
}

function plural(count: number): string {
  return `${count} argument${count === 1 ? '' : 's'}`;
}

function runGroup(group: Group, words: readonly string[], session: Session): number {
  const unknown = words.find((word) => !word.startsWith('-'));
  const missing = unknown === undefined ? undefined : elsewhere([group.name, unknown]);
  if (missing) throw missing;
  const parsed = withUsage(
    `docker ${group.name}`,
    () => parseFlags([], words, { interspersed: false }),
    groupHelp(group),
  );
  if (parsed.help !== false) {
    session.stdout.write(groupHelp(group));
    return 0;
  }
  session.stderr.write(groupHelp(group));
  return unknown === undefined ? 0 : 1;
}

function help(words: readonly string[], session: Session): number {
  const [first] = words;
  const found = find(words);
  const group = GROUPS.find(({ name }) => name === first);
  if (found) {
    const { command, path } = found;
    const shown = command.plugin === undefined ? path : `${command.plugin} ${command.name}`;
    session.stdout.write(commandHelp(command, shown));
  } else if (group) session.stdout.write(groupHelp(group));
  else if (first === undefined) session.stdout.write(rootHelp());
  else throw elsewhere(words) ?? usageError(`unknown help topic: ${words.join(' ')}`, 1);
  return 0;
}

function withUsage<T>(path: string, parse: () => T, after = ''): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    const rest = path === 'docker' ? rootHelp() : after;
    throw usageError(
      `${error.message}\nSee '${path} --help'${error.meant}.${rest === '' ? '' : `\n${rest.trimEnd()}\n`}`,
      125,
    );
  }
}
