import { EngineError } from '../engine/errors.ts';

/** The EngineError that a call throws; a test fails when it throws none. */
export function thrownBy(call: () => unknown): EngineError {
  try {
    call();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
