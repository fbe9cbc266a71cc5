import type { Engine } from '../engine.ts';
import type { ContainerRecord, ContainerState } from './record.ts';

/** Go's zero time, as Docker shows a time that never was. */
export const NEVER = '0001-01-01T00:00:00Z';

/** Of a container that was never started. */
export const CREATED: ContainerState = {
  status: 'created',
  exitCode: 0,
  error: '',
  outOfMemory: false,
  pid: 0,
  startedAt: NEVER,
  finishedAt: NEVER,
  restartCount: 0,
};

/** Now, as records have it. */
export function isoNow(engine: Engine): string {
  return new Date(engine.platform.now()).toISOString();
}

/** Of a container that nobody runs any more. */
export function endedState(
  { startedAt, restartCount, health }: ContainerState,
  {
    exitCode,
    finishedAt,
    error = '',
    outOfMemory = false,
  }: Pick<ContainerState, 'exitCode' | 'finishedAt'> &
    Partial<Pick<ContainerState, 'error' | 'outOfMemory'>>,
): ContainerState {
  return {
    ...{ status: 'exited', exitCode, error, outOfMemory, pid: 0 },
    ...{ startedAt, finishedAt, restartCount },
    ...(health && { health }),
  };
}

/** Whether there is a process of it, stopped or not, or soon will be. */
export function isRunning({ state }: Pick<ContainerRecord, 'state'>): boolean {
  return state.status === 'running' || state.status === 'paused' || state.status === 'restarting';
}
