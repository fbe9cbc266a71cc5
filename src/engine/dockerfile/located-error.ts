import { EngineError } from '../errors.ts';
import type { SourceRange } from './diagnostic.ts';

/** A failure that a line of the Dockerfile caused; the build prints that line under the message. */
export class LocatedError extends EngineError {
  readonly range: SourceRange;

  constructor(
    code: string,
    message: string,
    options: { readonly range: SourceRange; readonly hint?: string; readonly cause?: unknown },
  ) {
    super(code, message, options);
    this.name = 'LocatedError';
    this.range = options.range;
  }
}

/** Runs `work` and gives an EngineError without a place the place of this instruction. */
export function located<T>(range: SourceRange, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw locatedAt(range, error);
  }
}

/** As `located`, of work that takes its time. */
export async function locatedAsync<T>(range: SourceRange, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw locatedAt(range, error);
  }
}

function locatedAt(range: SourceRange, error: unknown): unknown {
  if (!(error instanceof EngineError) || error instanceof LocatedError) return error;
  const { code, message, hint } = error;
  return new LocatedError(code, message, {
    range,
    cause: error,
    ...(hint !== undefined && { hint }),
  });
}
