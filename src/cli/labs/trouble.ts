import { didYouMean } from '../../engine/dockerfile/suggest.ts';
import { EngineError } from '../../engine/errors.ts';
import { EngineTrouble } from '../../verify/engine.ts';
import type { Language } from '../../verify/words.ts';
import { fileError } from '../files/file-errors.ts';
import { commandWords } from './words/index.ts';
import type { KnownCode, Says } from './words/words.ts';

/** Something is broken, or the command was misused. */
export const BROKEN = 2;

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

/**
 * An expected failure in the user's language, with exit code 2. What the failing part said in English
 * follows in parentheses, as it names the file. What nobody expects is given back as it is: a bug.
 */
export function inLanguage(error: unknown, language: Language): unknown {
  if (error instanceof EngineTrouble) {
    const { code, words, advice } = error;
    return misuse(code, {
      message: words[language],
      ...(advice && { hint: advice[language] }),
    });
  }
  const known = fileError(error, 'open', pathOf(error));
  if (!(known instanceof EngineError)) return error;
  if (known.exitCode === BROKEN && known.cause === undefined && !isKnown(known.code)) return known;
  const says = isKnown(known.code) ? commandWords[language].trouble.byCode[known.code] : undefined;
  const hint = says?.hint ?? known.hint;
  return new EngineError(
    known.code,
    says === undefined ? known.message : `${says.message} (${known.message})`,
    { exitCode: BROKEN, cause: error, ...(hint !== undefined && { hint }) },
  );
}

function isKnown(code: string): code is KnownCode {
  return code in commandWords.en.trouble.byCode;
}

function pathOf(error: unknown): string {
  return error instanceof Error && 'path' in error && typeof error.path === 'string'
    ? error.path
    : '.';
}
