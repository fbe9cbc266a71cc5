import { embeddedEngine } from '../../adapters/embedded/engine.ts';
import type { Engine } from '../../verify/engine.ts';
import { remembering } from '../../verify/remembering.ts';
import type { Room } from './room.ts';

/** Somebody does a live lab: what runs is watched, so that a step is seen though its container is gone. */
export interface LiveWatch {
  /** What checks see of the learner's containers. */
  readonly engine: Engine;
  close(): Promise<void>;
}

/** `onHappened` is called whenever something happened that a live check may see. */
export async function watchLive(
  { engine, machine }: Pick<Room, 'engine' | 'machine'>,
  onHappened: () => void,
): Promise<LiveWatch> {
  const memory = await remembering(await embeddedEngine({ engine, machine }));
  memory.onHappened(onHappened);
  return { engine: memory, close: () => memory.close() };
}
