import { didYouMean } from '../engine/dockerfile/suggest.ts';
import { EngineError } from '../engine/errors.ts';
import type { Language } from '../verify/words.ts';
import type { Output } from './output.ts';
import type { Subcommand } from './subcommands.ts';

export interface CommandLine extends Output {
  readonly subcommands: readonly Subcommand[];
  readonly version: string;
  /** Of what this file says itself. */
  readonly language: Language;
}

/** Exit code of a command line that could not be understood, as most programs have it. */
const misused = 2;

/** Runs `semdistro ARGS…`. Resolves to the exit code; only a bug makes it reject. */
export async function semdistro(
  args: readonly string[],
  { subcommands, version, language, stdout, stderr }: CommandLine,
): Promise<number> {
  const [word, ...rest] = args;
  if (word === undefined || word === '--help' || word === '-h') {
    stdout.write(help(subcommands, language));
    return 0;
  }
  if (word === '--version' || word === '-v') {
    stdout.write(`semdistro ${version}\n`);
    return 0;
  }
  if (word === 'help') {
    return semdistro([...rest, '--help'], { subcommands, version, language, stdout, stderr });
  }
  const found = subcommands.find(({ name }) => name === word);
  if (found === undefined) {
    stderr.write(unknown(word, subcommands, language));
    return misused;
  }
  try {
    const run = await found.load();
    return await run(rest, { stdout, stderr });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    stderr.write(`semdistro ${word}: ${error.message}\n`);
    if (error.hint !== undefined) stderr.write(`${error.hint}\n`);
    return error.exitCode;
  }
}

const words = {
  'pt-BR': {
    kind: { option: 'uma opção', command: 'um comando' },
    isNot: (word: string, kind: string, meant: string) =>
      `semdistro: '${word}' não é ${kind}${meant && `; você quis dizer ${meant}?`}`,
    see: 'Veja `semdistro --help`.',
    usage: 'Uso:  semdistro COMANDO [ARGUMENTOS]',
    about: [
      'Uma oficina de imagens distroless: laboratórios que dizem por quê, e imagens de contêiner',
      'de verdade a partir de Dockerfiles de verdade, sem Docker na máquina.',
    ],
    headings: {
      labs: 'Laboratórios:',
      tools: 'Ferramentas:',
      options: 'Opções:',
      examples: 'Exemplos:',
    },
    options: ['  -h, --help     Isto que você está lendo', '  -v, --version  A versão'],
    each: 'Cada comando se explica: semdistro COMANDO --help',
  },
  en: {
    kind: { option: 'an option', command: 'a command' },
    isNot: (word: string, kind: string, meant: string) =>
      `semdistro: '${word}' is not ${kind}${meant && ` (did you mean ${meant}?)`}.`,
    see: 'See `semdistro --help`.',
    usage: 'Usage:  semdistro COMMAND [ARGUMENTS]',
    about: [
      'A workshop on distroless images: labs that say why, and real container images from real',
      'Dockerfiles, with no Docker on the machine.',
    ],
    headings: { labs: 'Labs:', tools: 'Tools:', options: 'Options:', examples: 'Examples:' },
    options: ['  -h, --help     What you are reading', '  -v, --version  The version'],
    each: 'Every command explains itself: semdistro COMMAND --help',
  },
} as const;

function unknown(word: string, subcommands: readonly Subcommand[], language: Language): string {
  const { kind, isNot, see } = words[language];
  const names = subcommands.map(({ name }) => name);
  const suggestion = didYouMean(word, names, { exactCase: false });
  const meant = /did you mean (.*)\?/.exec(suggestion)?.[1] ?? '';
  const what = word.startsWith('-') ? kind.option : kind.command;
  return `${isNot(word, what, meant)}\n${see}\n`;
}

function help(subcommands: readonly Subcommand[], language: Language): string {
  const { usage, about, headings, options, each } = words[language];
  const width = Math.max(0, ...subcommands.map(({ name }) => name.length));
  const rows = (part: Subcommand['part']): readonly string[] =>
    subcommands
      .filter((one) => one.part === part)
      .map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary[language]}`);
  const lines = [
    ...[usage, '', ...about],
    ...['', headings.labs, ...rows('labs')],
    ...['', headings.tools, ...rows('tools')],
    ...['', headings.options, ...options],
    ...['', headings.examples],
    ...subcommands.flatMap(({ examples }) => examples.map((example) => `  ${example}`)),
    ...['', each, ''],
  ];
  return lines.join('\n');
}
