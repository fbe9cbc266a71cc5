import { concat } from '../bytes.ts';
import { durationText } from '../build/go-print.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { HealthConfig } from '../oci/image.ts';
import type { RunningContainer } from '../process/host.ts';
import { emitContainerEvent } from './container-event.ts';
import { execProcess } from './exec.ts';
import type { ContainerRecord, ContainerState, HealthState } from './record.ts';
import type { LiveContainer } from './running.ts';
import { SIGKILL } from './signals.ts';
import { isoNow } from './state.ts';

/** Nanoseconds, as in the configuration. */
const DEFAULTS = {
  interval: 30_000_000_000,
  timeout: 30_000_000_000,
  startInterval: 5_000_000_000,
  retries: 3,
};
const MILLISECOND = 1_000_000;
const MOST_OUTPUT = 4096;
const RESULTS_KEPT = 5;

type Result = HealthState['log'][number];

/** The command of a health check; undefined when there is none, or it is switched off. */
export function healthCommand(
  { Test = [] }: HealthConfig,
  shell: readonly string[] | null | undefined,
): readonly string[] | undefined {
  const [kind, ...rest] = Test;
  if (kind === 'CMD') return rest;
  if (kind !== 'CMD-SHELL') return undefined;
  return [...(shell && shell.length > 0 ? shell : ['/bin/sh', '-c']), ...rest.slice(0, 1)];
}

/** Runs the health checks of one run of a container, and keeps its state's `health`. What it returns ends that. */
export function watchHealth(
  engine: Engine,
  record: ContainerRecord,
  live: LiveContainer,
  running: RunningContainer,
): () => void {
  const health = record.config.Healthcheck ?? {};
  const argv = healthCommand(health, record.config.Shell);
  if (!argv) return () => undefined;
  const started = engine.platform.now();
  const over = new AbortController();
  const startPeriod = (health.StartPeriod ?? 0) / MILLISECOND;
  const inStartPeriod = (): boolean => engine.platform.now() - started < startPeriod;
  live.change((state) => ({
    ...state,
    health: { status: 'starting', failingStreak: 0, log: [] },
  }));
  const watch = async (): Promise<void> => {
    for (;;) {
      const isStarting = live.state.health?.status === 'starting' && inStartPeriod();
      const usual = or(health.Interval, DEFAULTS.interval);
      const pause = isStarting ? or(health.StartInterval, DEFAULTS.startInterval) : usual;
      await sleep(pause / MILLISECOND, over.signal);
      if (over.signal.aborted) return;
      // A container that stands still is not asked.
      if (live.state.status !== 'running' || live.process !== running) continue;
      const wasStarting = inStartPeriod();
      const result = await probe(engine, record, health, argv);
      // Aborted while the probe ran.
      if (isOver(over.signal)) return;
      const before = live.state.health?.status;
      live.change((state) => withResult(state, result, health, wasStarting));
      const status = live.state.health?.status;
      if (status !== undefined && status !== before) {
        emitContainerEvent(engine, record, `health_status: ${status}`);
      }
    }
  };
  // Only a bug makes it fail, and the container then merely goes unwatched.
  watch().catch(() => undefined);
  return () => {
    over.abort();
  };
}

/** A function, since TypeScript thinks that nothing can have changed it meanwhile. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function probe(
  engine: Engine,
  record: ContainerRecord,
  health: HealthConfig,
  argv: readonly string[],
): Promise<Result> {
  const start = isoNow(engine);
  const timeout = or(health.Timeout, DEFAULTS.timeout);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const add = (bytes: Uint8Array): void => {
    if (size > MOST_OUTPUT) return;
    chunks.push(bytes.slice());
    size += bytes.length;
  };
  const done = (exitCode: number, output: string): Result => ({
    ...{ start, end: isoNow(engine), exitCode, output },
  });
  try {
    const process = await execProcess(engine, record, { argv }, { stdout: add, stderr: add });
    const late = new AbortController();
    const exit = await Promise.race([process.exit, sleep(timeout / MILLISECOND, late.signal)]);
    late.abort();
    if (!exit) {
      await process.kill(SIGKILL);
      return done(-1, `Health check exceeded timeout (${durationText(timeout)})`);
    }
    return done(exit.code, shortened(concat(chunks)));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return done(-1, error.message);
  }
}

function withResult(
  state: ContainerState,
  result: Result,
  health: HealthConfig,
  wasStarting: boolean,
): ContainerState {
  const old: HealthState = state.health ?? { status: 'starting', failingStreak: 0, log: [] };
  const log = [...old.log, result].slice(-RESULTS_KEPT);
  if (result.exitCode === 0) {
    return { ...state, health: { status: 'healthy', failingStreak: 0, log } };
  }
  const counts = !(old.status === 'starting' && wasStarting);
  const failingStreak = old.failingStreak + (counts ? 1 : 0);
  const isBad = counts && failingStreak >= or(health.Retries, DEFAULTS.retries);
  return { ...state, health: { status: isBad ? 'unhealthy' : old.status, failingStreak, log } };
}

function shortened(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, MOST_OUTPUT));
  return bytes.length > MOST_OUTPUT ? `${text}...` : text;
}

function or(value: number | undefined, fallback: number): number {
  return value === undefined || value === 0 ? fallback : value;
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve(undefined);
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
