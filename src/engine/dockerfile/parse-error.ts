import type { Diagnostic, SourceRange } from './diagnostic.ts';

/** What parse functions return instead of throwing: the file is read on for further mistakes. */
export interface ParseError {
  readonly error: true;
  readonly code: string;
  /** Docker's words without `dockerfile parse error on line …:`. */
  readonly message: string;
  readonly hint: string;
  readonly range: SourceRange;
  /**
   * When BuildKit finds it: cutting lines, reading instructions, building. All of one phase come
   * before any of the next, and only the middle one names the line in its message.
   */
  readonly phase: 'lines' | 'instructions' | 'build';
}

export function parseError(
  code: string,
  message: string,
  hint: string,
  range: SourceRange,
): ParseError {
  return { error: true, code, message, hint, range, phase: 'instructions' };
}

/** Tells a result from an error; results are objects or arrays without an `error` property. */
export function isParseError(value: object): value is ParseError {
  return 'error' in value && value.error === true;
}

export function diagnosticOf(error: ParseError, message = error.message): Diagnostic {
  const { code, hint, range } = error;
  return { severity: 'error', code, message, hint, range };
}
