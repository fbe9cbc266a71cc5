import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { ProcessHost } from '../process/host.ts';

/** What runs the engine's processes. Errors: `machine-missing` where there is nothing. */
export function hostOf({ processHost }: Engine): ProcessHost {
  if (processHost) return processHost;
  throw new EngineError('machine-missing', 'there is no machine here to run containers');
}
