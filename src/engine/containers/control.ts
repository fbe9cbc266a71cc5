import type { Engine } from '../engine.ts';
import { EngineError, reworded } from '../errors.ts';
import { renameLeases } from '../networks/names.ts';
import { checkName } from './check-request.ts';
import { emitContainerEvent } from './container-event.ts';
import { elsewhereError } from './owner.ts';
import type { ContainerRecord } from './record.ts';
import { findContainer, updateContainer } from './registry.ts';
import { type LiveContainer, liveContainer } from './running.ts';
import { SIGKILL, signalNumber } from './signals.ts';
import { startContainer } from './start.ts';
import { isRunning } from './state.ts';

/** Docker's, when neither command nor container says another. */
const STOP_SIGNAL = 'SIGTERM';
const STOP_SECONDS = 10;
/** After SIGKILL it is only the machine that can be slow. */
const POLL_MS = 1000;

export interface StopOptions {
  /** Number; the container's own when missing. */
  readonly signal?: number;
  /** Until SIGKILL, -1 for ever; the container's own when missing. */
  readonly seconds?: number;
  /** It stays though it was run with `--rm`. */
  readonly keeps?: boolean;
}

/**
 * Stops a container: its signal, and SIGKILL when the time is over. Resolves when it has ended and
 * everything is saved; at once when it does not run. Errors: `container-elsewhere`.
 */
export async function stopContainer(
  engine: Engine,
  record: ContainerRecord,
  options: StopOptions = {},
): Promise<void> {
  if (!isRunning(record)) return;
  const live = ownLive(engine, record, 'stop');
  const { StopSignal = STOP_SIGNAL, StopTimeout = STOP_SECONDS } = record.config;
  const signal = options.signal ?? signalNumber(StopSignal);
  const { seconds = StopTimeout, keeps = false } = options;
  live.halt({ keeps });
  if (live.state.status === 'paused') await unpause(engine, record, live);
  emitContainerEvent(engine, record, 'kill', { signal: String(signal) });
  await live.process?.kill(signal);
  const isOver = await within(live.ended, seconds < 0 ? undefined : seconds * 1000);
  if (!isOver) {
    emitContainerEvent(engine, record, 'kill', { signal: String(SIGKILL) });
    await live.process?.kill(SIGKILL);
    await live.ended;
  }
  emitContainerEvent(engine, record, 'stop');
}

/** Sends a signal. Errors: `container-not-running`, `container-elsewhere`. */
export async function killContainer(
  engine: Engine,
  record: ContainerRecord,
  signal: number,
): Promise<void> {
  const { id } = record;
  if (!isRunning(record)) {
    throw new EngineError('container-not-running', `container ${id} is not running`);
  }
  const live = ownLive(engine, record, 'kill');
  // One that was killed on purpose does not come again.
  if (signal === SIGKILL || signal === ownStopSignal(record)) live.halt();
  if (live.state.status === 'paused' && signal === SIGKILL) await unpause(engine, record, live);
  emitContainerEvent(engine, record, 'kill', { signal: String(signal) });
  await live.process?.kill(signal);
  if (signal === SIGKILL) await live.exited.catch(() => undefined);
}

/** Stops it when it runs, and starts it. Errors: those of `stopContainer` and `startContainer`. */
export async function restartContainer(
  engine: Engine,
  record: ContainerRecord,
  options: StopOptions = {},
): Promise<void> {
  await stopContainer(engine, record, { ...options, keeps: true });
  await startContainer(engine, await findContainer(engine, record.id));
  emitContainerEvent(engine, record, 'restart');
}

/** Errors: `container-not-running`, `container-paused`, `container-elsewhere`. */
export async function pauseContainer(engine: Engine, record: ContainerRecord): Promise<void> {
  const { id, state } = record;
  if (state.status === 'paused') {
    throw new EngineError('container-paused', `Container ${id} is already paused`);
  }
  if (state.status === 'restarting') {
    throw new EngineError(
      'container-not-running',
      `Container ${id} is restarting, wait until the container is running`,
    );
  }
  if (state.status !== 'running') {
    throw new EngineError('container-not-running', `container ${id} is not running`);
  }
  const live = ownLive(engine, record, 'pause');
  await live.process?.pause();
  live.change((now) => (now.status === 'running' ? { ...now, status: 'paused' } : now));
  emitContainerEvent(engine, record, 'pause');
}

/** Errors: `container-not-paused`, `container-elsewhere`. */
export async function unpauseContainer(engine: Engine, record: ContainerRecord): Promise<void> {
  if (record.state.status !== 'paused') {
    throw new EngineError('container-not-paused', `Container ${record.id} is not paused`);
  }
  await unpause(engine, record, ownLive(engine, record, 'unpause'));
}

/** The exit code, when it has ended; at once when it does not run. Errors: `container-elsewhere`. */
export async function waitContainer(engine: Engine, record: ContainerRecord): Promise<number> {
  if (!isRunning(record)) return record.state.exitCode;
  const live = liveContainer(engine, record.id);
  if (live) return live.exited;
  // Another process runs it: its record says when it has ended.
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const now = await findContainer(engine, record.id);
    if (!isRunning(now)) return now.state.exitCode;
  }
}

/** Durable when it resolves. Errors: `container-invalid`, `container-name-taken`. */
export async function renameContainer(
  engine: Engine,
  record: ContainerRecord,
  to: string,
): Promise<void> {
  const name = to.replace(/^\//, '');
  if (name === record.name) {
    throw new EngineError(
      'container-invalid',
      'Renaming a container with the same name as its current name',
    );
  }
  try {
    checkName(name, `/${name}`);
    const renamed = await updateContainer(engine, record.id, (old) => ({ ...old, name }));
    renameLeases(engine, renamed);
    emitContainerEvent(engine, renamed, 'rename', { oldName: `/${record.name}` });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw reworded(error, `Error when allocating new name: ${error.message}`);
  }
}

/** The container as this engine runs it. Errors: `container-elsewhere`. */
export function ownLive(
  engine: Engine,
  { id, name }: ContainerRecord,
  what: string,
): LiveContainer {
  const live = liveContainer(engine, id);
  if (live) return live;
  throw elsewhereError(name, what);
}

function ownStopSignal({ config }: ContainerRecord): number {
  return signalNumber(config.StopSignal ?? STOP_SIGNAL);
}

async function unpause(
  engine: Engine,
  record: ContainerRecord,
  live: LiveContainer,
): Promise<void> {
  await live.process?.unpause();
  live.change((now) => (now.status === 'paused' ? { ...now, status: 'running' } : now));
  emitContainerEvent(engine, record, 'unpause');
}

/** Whether something happens in so many milliseconds; waits for ever without a number. */
async function within(what: Promise<unknown>, milliseconds: number | undefined): Promise<boolean> {
  const happened = what.then(() => true);
  if (milliseconds === undefined) return happened;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, milliseconds);
  });
  try {
    return await Promise.race([happened, late]);
  } finally {
    clearTimeout(timer);
  }
}
