import { didYouMean } from '../engine/dockerfile/suggest.ts';
import { EngineError } from '../engine/errors.ts';
import type { Output } from './output.ts';
import type { Subcommand } from './subcommands.ts';

export interface CommandLine extends Output {
  readonly subcommands: readonly Subcommand[];
  readonly version: string;
}

/** Exit code of a command line that could not be understood, as most programs have it. */
const misused = 2;

/** Runs `semdistro ARGS…`. Resolves to the exit code; only a bug makes it reject. */
export async function semdistro(
  args: readonly string[],
  { subcommands, version, stdout, stderr }: CommandLine,
): Promise<number> {
  const [word, ...rest] = args;
  if (word === undefined || word === '--help' || word === '-h') {
    stdout.write(help(subcommands));
    return 0;
  }
  if (word === '--version' || word === '-v') {
    stdout.write(`semdistro ${version}\n`);
    return 0;
  }
  if (word === 'help') {
    return semdistro([...rest, '--help'], { subcommands, version, stdout, stderr });
  }
  const found = subcommands.find(({ name }) => name === word);
  if (found === undefined) {
    stderr.write(unknown(word, subcommands));
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

function unknown(word: string, subcommands: readonly Subcommand[]): string {
  const kind = word.startsWith('-') ? 'an option' : 'a command';
  const names = subcommands.map(({ name }) => name);
  const meant = didYouMean(word, names, { exactCase: false });
  return `semdistro: '${word}' is not ${kind}${meant}.\nSee \`semdistro --help\`.\n`;
}

function help(subcommands: readonly Subcommand[]): string {
  const width = Math.max(0, ...subcommands.map(({ name }) => name.length));
  const lines = [
    'Usage:  semdistro COMMAND [ARGUMENTS]',
    '',
    'Real container images from real Dockerfiles, with no Docker on the machine.',
    '',
    'Commands:',
    ...subcommands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Options:',
    '  -h, --help     What you are reading',
    '  -v, --version  The version',
    '',
    'Examples:',
    ...subcommands.flatMap(({ examples }) => examples.map((example) => `  ${example}`)),
    '',
    'Every command explains itself: semdistro COMMAND --help',
    '',
  ];
  return lines.join('\n');
}
