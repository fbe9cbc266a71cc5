import { didYouMean } from '../../engine/dockerfile/suggest.ts';
import { EngineError } from '../../engine/errors.ts';
import { EngineTrouble } from '../../verify/engine.ts';
import type { Language, Words } from '../../verify/words.ts';
import { fileError } from '../files/file-errors.ts';
import { commandWords } from './words/index.ts';
import type { KnownCode, Says } from './words/words.ts';

/** Something is broken, or the command was misused. */
export const BROKEN = 2;

/** As of a process that Ctrl-C ended. */
export const INTERRUPTED = 130;

/** A command that was misused: what is wrong, and what to do, in the user's language. */
export function misuse(code: string, says: Says | string): EngineError {
  const { message, hint } = typeof says === 'string' ? { message: says } : says;
  return new EngineError(code, message, {
    exitCode: BROKEN,
    ...(hint !== undefined && { hint }),
  });
}

/** What somebody probably meant to write. */
export function meantBy(written: string, options: readonly string[]): string | undefined {
  const start = options.filter((option) => written.length > 2 && option.startsWith(written));
  const close = /did you mean (.*)\?/.exec(didYouMean(written, options, { exactCase: false }))?.[1];
  return close ?? (start.length === 1 ? start[0] : undefined);
}

/** What is not the answer's fault, of whatever part it comes; undefined for a bug. */
export function troubleFrom(error: unknown): EngineTrouble | EngineError | undefined {
  const known = error instanceof EngineTrouble ? error : fileError(error, 'open', pathOf(error));
  return known instanceof EngineTrouble || known instanceof EngineError ? known : undefined;
}

/**
 * An expected failure in the user's language, with exit code 2. What the failing part said in English
 * follows in parentheses, as it names the file. What nobody expects is given back as it is: a bug.
 */
export function inLanguage(error: unknown, language: Language): unknown {
  const trouble = troubleFrom(error);
  if (trouble === undefined) return error;
  if (trouble instanceof EngineTrouble) {
    const { code, words, advice } = trouble;
    return misuse(code, {
      message: words[language],
      ...(advice && { hint: advice[language] }),
    });
  }
  const { code, message } = trouble;
  const says = isKnown(code) ? commandWords[language].trouble.byCode[code] : undefined;
  const hint = says?.hint ?? trouble.hint;
  return new EngineError(code, says === undefined ? message : `${says.message} (${message})`, {
    ...{ exitCode: BROKEN, cause: error },
    ...(hint !== undefined && { hint }),
  });
}

/** The same in every language, for a report. */
export function wordsOfTrouble(trouble: EngineTrouble | EngineError): {
  readonly found: Words;
  readonly advice: Words | undefined;
} {
  if (trouble instanceof EngineTrouble) return { found: trouble.words, advice: trouble.advice };
  const [pt, en] = [inLanguage(trouble, 'pt-BR'), inLanguage(trouble, 'en')];
  const say = (error: unknown, part: 'message' | 'hint'): string =>
    error instanceof EngineError ? (error[part] ?? '') : String(error);
  const words = (part: 'message' | 'hint'): Words => ({
    'pt-BR': say(pt, part),
    en: say(en, part),
  });
  const advice = words('hint');
  return { found: words('message'), advice: advice.en === '' ? undefined : advice };
}

function isKnown(code: string): code is KnownCode {
  return Object.hasOwn(commandWords.en.trouble.byCode, code);
}

function pathOf(error: unknown): string {
  return error instanceof Error && 'path' in error && typeof error.path === 'string'
    ? error.path
    : '.';
}
