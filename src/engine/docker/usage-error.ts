import { EngineError } from '../errors.ts';

/** A command line that Docker refuses before it asks the daemon; `message` is all that is printed. */
export function usageError(message: string, exitCode: 1 | 125): EngineError {
  return new EngineError('usage', message, { exitCode });
}
