import { EngineError } from '../../engine/errors.ts';

/** A write that the browser refused: for want of space in words of the engine's, anything else as it is. */
export function storeError(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'QuotaExceededError') return error;
  return new EngineError('store-full', 'no space left in the browser’s storage', {
    hint: 'Remove images and containers ("docker system prune -a"), or free space on the disk.',
    cause: error,
  });
}
