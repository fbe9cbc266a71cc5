import { EngineError } from '../errors.ts';

/** Docker says of every mistake in a template, also of one found while rendering, that parsing it failed. */
export function templateError<T>(run: () => T, exitCode = 1): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const message = `template parsing error: ${error.message}`;
    throw new EngineError(error.code, message, { exitCode, cause: error });
  }
}
