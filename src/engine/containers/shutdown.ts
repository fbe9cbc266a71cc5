import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { stopContainer } from './control.ts';
import { releaseOwnership } from './owner.ts';
import { findContainer } from './registry.ts';
import { liveContainers } from './running.ts';

/** However long a container may take by itself: who closes a shell does not wait for minutes. */
const MOST_SECONDS = 5;

/**
 * Stops all containers of this engine and saves what they made; to be called when the engine ends.
 * Errors of single containers are returned, so that one does not keep the others from being saved.
 */
export async function stopAllContainers(engine: Engine): Promise<readonly EngineError[]> {
  const errors: EngineError[] = [];
  const stopped = liveContainers(engine).map(async ({ id }) => {
    try {
      const record = await findContainer(engine, id);
      const own = record.config.StopTimeout ?? MOST_SECONDS;
      const seconds = own < 0 ? MOST_SECONDS : Math.min(own, MOST_SECONDS);
      await stopContainer(engine, record, { seconds });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // One of `--rm` may have gone by itself meanwhile.
      if (error.code !== 'container-unknown') errors.push(error);
    }
  });
  await Promise.all(stopped);
  await releaseOwnership(engine);
  return errors;
}
