import { onEvent } from '../containers/events.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { findContainer } from '../containers/registry.ts';
import { isRunning } from '../containers/state.ts';
import { healthCommand } from '../containers/health.ts';
import type { Condition } from '../compose/model.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';

/** What a container has to be before another is started. */
export type Wanted = Exclude<Condition, 'service_started'>;

/** Waits until it is so. Errors: `dependency-failed`, when it cannot be any more. */
export async function waitFor(
  engine: Engine,
  container: string,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<void> {
  let wake = (): void => undefined;
  const woken = (): void => {
    wake();
  };
  const forget = onEvent(engine, woken);
  signal.addEventListener('abort', woken);
  try {
    for (;;) {
      const next = new Promise<void>((resolve) => (wake = resolve));
      if (isSo(await findContainer(engine, container), wanted)) return;
      signal.throwIfAborted();
      await next;
    }
  } finally {
    forget();
    signal.removeEventListener('abort', woken);
  }
}

function isSo(record: ContainerRecord, wanted: Wanted): boolean {
  const { name, state, config } = record;
  const { exitCode, health } = state;
  const hasEnded = !isRunning(record) && state.status !== 'created';
  if (wanted === 'service_completed_successfully') {
    if (hasEnded && exitCode !== 0) {
      throw failed(`service "${name}" didn't complete successfully: exit ${exitCode}`);
    }
    return hasEnded;
  }
  if (!healthCommand(config.Healthcheck ?? {}, config.Shell)) {
    throw failed(`dependency failed to start: container ${name} has no healthcheck configured`);
  }
  if (hasEnded) {
    throw failed(`dependency failed to start: container ${name} exited (${exitCode})`);
  }
  if (health?.status === 'unhealthy') {
    throw failed(`dependency failed to start: container ${name} is unhealthy`);
  }
  return health?.status === 'healthy';
}

function failed(message: string): EngineError {
  return new EngineError('usage', message);
}
