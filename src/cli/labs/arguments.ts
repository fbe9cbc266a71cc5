import { parseArgs } from 'node:util';
import type { LabCommand } from './command.ts';
import { meantBy, misuse } from './trouble.ts';
import type { CommandWords } from './words/words.ts';

/** Options of a command: a value follows `text` and `texts`, of which there may be several. */
export type Options = Readonly<Record<string, 'flag' | 'text' | 'texts'>>;

export interface Arguments {
  readonly positionals: readonly string[];
  readonly flag: (name: string) => boolean;
  /** The last one given. */
  readonly text: (name: string) => string | undefined;
  readonly texts: (name: string) => readonly string[];
}

/** All commands have these. */
const COMMON: Options = { help: 'flag', lang: 'text' };

/** Reads a command line. Throws the `misuse` that says what is wrong with it. */
export function readArguments(
  args: readonly string[],
  { name: command, options, most }: Pick<LabCommand, 'name' | 'options' | 'most'>,
  words: CommandWords,
): Arguments {
  const refuse = (message: string): never => {
    throw misuse('bad-arguments', { message, hint: words.seeHelp(command) });
  };
  const known: Options = { ...options, ...COMMON };
  const { tokens } = parseArgs({
    ...{ args: [...args], strict: false, allowPositionals: true, tokens: true },
    options: {
      ...Object.fromEntries(
        Object.entries(known).map(([name, kind]) => [
          name,
          { type: kind === 'flag' ? 'boolean' : 'string' } as const,
        ]),
      ),
      help: { type: 'boolean', short: 'h' },
    },
  });
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    if (kind === undefined) {
      const names = Object.keys(known).map((one) => `--${one}`);
      return refuse(words.trouble.unknownOption(rawName, meantBy(rawName, names)));
    }
    if (kind === 'flag' && value !== undefined) {
      return refuse(words.trouble.takesNoValue(rawName));
    }
    // `--dir --json` forgot the folder.
    const missing = value === undefined || (!token.inlineValue && value.startsWith('--'));
    if (kind !== 'flag' && missing) {
      return refuse(words.trouble.needsValue(rawName, words.values[name] ?? name));
    }
    given.set(name, [...(given.get(name) ?? []), value ?? '']);
  }
  const extra = positionals[most];
  if (extra !== undefined) return refuse(words.trouble.tooMany(extra));
  return {
    positionals,
    flag: (name) => given.has(name),
    text: (name) => given.get(name)?.at(-1),
    texts: (name) => given.get(name) ?? [],
  };
}

/** What `--lang` says, before there is a language to complain in. */
export function languageFlag(args: readonly string[]): string | undefined {
  for (const [at, arg] of args.entries()) {
    if (arg === '--') return undefined;
    if (arg === '--lang') return args[at + 1];
    if (arg.startsWith('--lang=')) return arg.slice('--lang='.length);
  }
  return undefined;
}
