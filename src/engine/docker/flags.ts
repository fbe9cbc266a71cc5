import { didYouMean } from '../dockerfile/suggest.ts';
import type { FlagDefinition, Flags } from './command.ts';

export interface ParsedCommandLine {
  readonly flags: Flags;
  readonly args: readonly string[];
  /** `--help` or `-h` was there. */
  readonly help: false | 'long' | 'short';
}

/** What is wrong with the flags, as pflag words it; the caller adds `See 'docker … --help'.` */
export class FlagError extends Error {
  /** ` (did you mean X?)`, or nothing. */
  readonly meant: string;

  constructor(message: string, meant = '') {
    super(message);
    this.meant = meant;
  }
}

const HELP: FlagDefinition = { name: 'help', kind: 'bool', help: 'Print usage', hidden: true };
const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/**
 * Parses arguments by pflag's rules, which Docker's command line follows: `--name=value`,
 * `--name value`, `-n value`, `-nvalue`, `-abc` for switches, `--` ends the flags, `-` is an
 * argument. With `interspersed: false` the first argument ends the flags. Throws FlagError.
 */
export function parseFlags(
  definitions: readonly FlagDefinition[],
  argv: readonly string[],
  { interspersed = true }: { readonly interspersed?: boolean } = {},
): ParsedCommandLine {
  const all = [...definitions, HELP];
  const values = new Map<string, string[]>();
  const args: string[] = [];
  let help: ParsedCommandLine['help'] = false;
  let at = 0;

  const set = (flag: FlagDefinition, value: string): void => {
    const problem = problemWith(flag, value);
    if (problem !== undefined) {
      const name = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
      throw new FlagError(
        `invalid argument ${JSON.stringify(value)} for "${name}" flag: ${problem}`,
      );
    }
    if (flag.name === HELP.name) help = TRUE.has(value) ? 'long' : false;
    const old = flag.kind === 'list' ? (values.get(flag.name) ?? []) : [];
    values.set(flag.name, [...old, value]);
  };

  const long = (word: string): void => {
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    if (name === '' || name.startsWith('-')) throw new FlagError(`bad flag syntax: ${word}`);
    const flag = all.find((candidate) => candidate.name === name);
    if (!flag) {
      const names = definitions
        .filter(({ hidden }) => hidden !== true)
        .map((one) => `--${one.name}`);
      throw new FlagError(
        `unknown flag: --${name}`,
        didYouMean(`--${name}`, names, { exactCase: true }),
      );
    }
    if (equals >= 0) {
      set(flag, word.slice(equals + 1));
      return;
    }
    if (flag.kind === 'bool') {
      set(flag, 'true');
      return;
    }
    const value = argv[at++];
    if (value === undefined) throw new FlagError(`flag needs an argument: --${name}`);
    set(flag, value);
  };

  const shorts = (word: string): void => {
    let rest = word.slice(1);
    while (rest !== '') {
      const letter = rest.charAt(0);
      const flag = all.find((candidate) => candidate.short === letter);
      if (!flag && letter === 'h') {
        help = 'short';
        return;
      }
      if (!flag) throw new FlagError(`unknown shorthand flag: '${letter}' in -${rest}`);
      const after = rest.slice(1);
      if (after.startsWith('=')) {
        set(flag, after.slice(1));
        return;
      }
      if (flag.kind === 'bool') {
        set(flag, 'true');
        rest = after;
        continue;
      }
      if (after !== '') {
        set(flag, after);
        return;
      }
      const value = argv[at++];
      if (value === undefined)
        throw new FlagError(`flag needs an argument: '${letter}' in -${rest}`);
      set(flag, value);
      return;
    }
  };

  while (at < argv.length) {
    const word = argv[at++] ?? '';
    if (word === '--') {
      args.push(...argv.slice(at));
      break;
    }
    if (word.startsWith('--')) long(word);
    else if (word.startsWith('-') && word !== '-') shorts(word);
    else if (interspersed) args.push(word);
    else {
      args.push(word, ...argv.slice(at));
      break;
    }
  }
  return { flags: reader(definitions, values), args, help };
}

function problemWith(flag: FlagDefinition, value: string): string | undefined {
  const quoted = JSON.stringify(value);
  if (flag.kind === 'bool' && !TRUE.has(value) && !FALSE.has(value)) {
    return `strconv.ParseBool: parsing ${quoted}: invalid syntax`;
  }
  if (flag.kind === 'int' && !/^[+-]?\d+$/.test(value)) {
    return `strconv.ParseInt: parsing ${quoted}: invalid syntax`;
  }
  return flag.check?.(value);
}

function reader(
  definitions: readonly FlagDefinition[],
  values: ReadonlyMap<string, readonly string[]>,
): Flags {
  const last = (name: string, kind: FlagDefinition['kind']): string | undefined => {
    const flag = defined(name, kind);
    return values.get(name)?.at(-1) ?? flag.default;
  };
  const defined = (name: string, kind?: FlagDefinition['kind']): FlagDefinition => {
    const flag = definitions.find((candidate) => candidate.name === name);
    if (!flag || (kind !== undefined && flag.kind !== kind)) {
      throw new Error(`the command has no ${kind ?? ''} flag --${name}`);
    }
    return flag;
  };
  return {
    bool: (name) => TRUE.has(last(name, 'bool') ?? 'false'),
    string: (name) => last(name, 'string'),
    int: (name) => {
      const text = last(name, 'int');
      return text === undefined ? undefined : Number(text);
    },
    list: (name) => {
      defined(name, 'list');
      return values.get(name) ?? [];
    },
    has: (name) => definitions.some((flag) => flag.name === name),
    given: (name) => {
      defined(name);
      return values.has(name);
    },
  };
}
