import { EngineError } from '../errors.ts';

/** A Compose file that cannot be used. Docker's Compose ends with 15 then. */
export function composeInvalid(message: string, hint?: string): EngineError {
  return new EngineError('compose-invalid', message, {
    exitCode: 15,
    ...(hint !== undefined && { hint }),
  });
}
