import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { collectGarbage } from '../images/garbage.ts';
import { emitContainerEvent } from './container-event.ts';
import { elsewhereError, engineId } from './owner.ts';
import type { ContainerRecord } from './record.ts';
import { anonymousVolumes, listContainers, removeContainerRecord } from './registry.ts';
import { liveContainer } from './running.ts';
import { SIGKILL } from './signals.ts';
import { isRunning } from './state.ts';
import { deleteVolume } from './volumes.ts';

/**
 * Removes a container, durably. Errors: `container-running` unless `force`, which kills it first;
 * `container-elsewhere`.
 */
export async function removeContainer(
  engine: Engine,
  record: ContainerRecord,
  { force, volumes }: { readonly force: boolean; readonly volumes: boolean },
): Promise<void> {
  const { id, name, state, host } = record;
  if (isRunning(record)) {
    if (!force) throw stillRunning(record);
    const live = liveContainer(engine, id);
    if (!live && state.owner !== engineId(engine)) throw elsewhereError(name, 'remove');
    live?.halt();
    await live?.process?.kill(SIGKILL);
    await live?.ended;
    if (host.autoRemove) return;
  } else if (state.owner !== undefined && state.owner !== engineId(engine)) {
    // It is just being started there.
    throw elsewhereError(name, 'remove');
  }
  await removeForGood(engine, record, { volumes });
  await collectGarbage(engine);
}

/** Of one that does not run: its record and, with `volumes`, its anonymous volumes that nobody else has. */
export async function removeForGood(
  engine: Engine,
  record: ContainerRecord,
  { volumes }: { readonly volumes: boolean },
): Promise<void> {
  await removeContainerRecord(engine, record.id);
  emitContainerEvent(engine, record, 'destroy');
  if (!volumes) return;
  const own = anonymousVolumes(record);
  if (own.length === 0) return;
  const others = new Set((await listContainers(engine)).flatMap(anonymousVolumes));
  for (const name of own) if (!others.has(name)) await deleteVolume(engine, name);
}

function stillRunning({ name, state }: ContainerRecord): EngineError {
  const { status } = state;
  const what =
    status === 'paused'
      ? 'paused and must be unpaused first'
      : `${status}: stop the container before removing or force remove`;
  return new EngineError(
    'container-running',
    `cannot remove container "/${name}": container is ${what}`,
  );
}
