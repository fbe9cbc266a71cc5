/**
 * A failure its user can act on: bad input, a missing image, a full disk. Anything else that is
 * thrown is a bug. `message` is the engine's own (English, worded as Docker words it where Docker
 * has the case); `code` is stable and is what tests, translations and lessons key on.
 */
export class EngineError extends Error {
  readonly code: string;
  /** What to do about it, one sentence, when there is something to do. */
  readonly hint: string | undefined;
  /** Exit code of the command that failed, as Docker's: 1 in general, 125 for the daemon's own. */
  readonly exitCode: number;

  constructor(
    code: string,
    message: string,
    options: {
      readonly hint?: string;
      readonly exitCode?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EngineError';
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** The same failure with more said of it: code, hint and exit code stay. */
export function reworded(error: EngineError, message: string): EngineError {
  const { code, hint, exitCode } = error;
  return new EngineError(code, message, {
    exitCode,
    cause: error,
    ...(hint !== undefined && { hint }),
  });
}
