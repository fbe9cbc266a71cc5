import type { Language } from '../../verify/words.ts';
import type { Run } from '../subcommands.ts';
import { type Arguments, languageFlag, type Options, readArguments } from './arguments.ts';
import type { Desk } from './desk.ts';
import { languageFor } from './language.ts';
import { withNodeDesk } from './node-desk.ts';
import { paintFor } from './paint.ts';
import type { View } from './render-report.ts';
import { inLanguage, misuse } from './trouble.ts';
import { commandWords } from './words/index.ts';
import type { CommandWords, LabCommandName } from './words/words.ts';

/** One call of a lab command. */
export interface Call {
  readonly desk: Desk;
  readonly args: Arguments;
  readonly language: Language;
  readonly words: CommandWords;
  /** How what goes to stdout looks. */
  readonly view: View;
  /** Writes lines to stdout. */
  readonly print: (...lines: readonly string[]) => void;
  /** Writes lines to stderr: what is not the command's result. */
  readonly note: (...lines: readonly string[]) => void;
}

export interface LabCommand {
  readonly name: LabCommandName;
  readonly options: Options;
  /** How many arguments it takes that are no options. */
  readonly most: number;
  /** Resolves to the exit code. Expected failures are EngineError, EngineTrouble or of the file system. */
  run(call: Call): Promise<number>;
}

/** Runs a lab command. Resolves to the exit code; rejects with EngineErrors in the user's language, exit code 2. */
export async function runLabCommand(
  command: LabCommand,
  args: readonly string[],
  desk: Desk,
): Promise<number> {
  const flag = languageFlag(args);
  const asked = languageFor(flag, desk.env);
  const language = asked ?? languageFor(undefined, desk.env) ?? 'en';
  const words = commandWords[language];
  const { stdout, stderr } = desk;
  const writeLines =
    (stream: Desk['stdout']) =>
    (...lines: readonly string[]): void => {
      stream.write(lines.map((line) => `${line}\n`).join(''));
    };
  try {
    if (flag !== undefined && asked === undefined && !flag.startsWith('-')) {
      throw misuse('bad-language', words.trouble.badLanguage(flag));
    }
    const read = readArguments(args, command, words);
    if (read.flag('help')) {
      stdout.write(words.help[command.name]);
      return 0;
    }
    return await command.run({
      ...{ desk, args: read, language, words },
      view: {
        ...{ words, language, paint: paintFor(stdout, desk.env) },
        columns: stdout.isTTY === true ? (stdout.columns ?? 80) : undefined,
      },
      ...{ print: writeLines(stdout), note: writeLines(stderr) },
    });
  } catch (error) {
    throw inLanguage(error, language);
  }
}

/** The command as the program has it. */
export function asRun(command: LabCommand): Run {
  return (args, output) => withNodeDesk(output, (desk) => runLabCommand(command, args, desk));
}
