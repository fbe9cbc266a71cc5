import type { Diagnostic, SourceRange } from './diagnostic.ts';

/** What parse functions return instead of throwing: the file is read on for further mistakes. */
export interface ParseError {
  readonly error: true;
  readonly code: string;
  /** Docker's words without `dockerfile parse error on line …:`. */
  readonly message: string;
  readonly hint: string;
  readonly range: SourceRange;
}

export function parseError(
  code: string,
  message: string,
  hint: string,
  range: SourceRange,
): ParseError {
  return { error: true, code, message, hint, range };
}

/** Tells a result from an error; results are objects or arrays without an `error` property. */
export function isParseError(value: object): value is ParseError {
  return 'error' in value && value.error === true;
}

export function diagnosticOf(error: ParseError, message = error.message): Diagnostic {
  const { code, hint, range } = error;
  return { severity: 'error', code, message, hint, range };
}
