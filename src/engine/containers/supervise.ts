import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { ProcessExit, RunningContainer, RunningProcess } from '../process/host.ts';
import { emitContainerEvent } from './container-event.ts';
import { watchHealth } from './health.ts';
import { engineId } from './owner.ts';
import type { ContainerState } from './record.ts';
import { removeForGood } from './remove.ts';
import { restartPolicy } from './restart-policy.ts';
import { type LiveContainer, registerLive } from './running.ts';
import { saver } from './saver.ts';
import type { Beginning } from './start.ts';
import { endedState, isoNow } from './state.ts';

/**
 * Runs a container to its end, through all that its restart policy wants. Resolves when its process
 * runs for the first time; then it is in the list of live ones until everything is saved.
 */
export async function supervise(engine: Engine, beginning: Beginning): Promise<LiveContainer> {
  const { record, prepared, log, output, input } = beginning;
  const policy = restartPolicy(record.host);
  const halted = Promise.withResolvers<undefined>();
  const ended = Promise.withResolvers<ContainerState>();
  let exited = codeOfRun();
  let process: RunningContainer | undefined = await beginning.run();
  let state = runningState(engine, record.state, process.pid);
  let isHalted = false;
  let isKept = false;
  const execs = new Map<string, RunningProcess>();
  const live: LiveContainer = {
    ...{ id: record.id, record, root: prepared.spec.root, log, output, input, execs },
    get state() {
      return state;
    },
    get process() {
      return process;
    },
    get network() {
      return beginning.network;
    },
    get exited() {
      return exited.promise;
    },
    ended: ended.promise,
    halt({ keeps = false } = {}) {
      isHalted = true;
      isKept ||= keeps;
      halted.resolve(undefined);
    },
    change(change) {
      state = change(state);
      keeper.touch();
    },
    save: () => keeper.save(),
  };
  const keeper = saver(engine, record, live, () => isKept || !record.host.autoRemove);
  const stopSaving = keeper.begin();
  const unregister = registerLive(engine, live);
  // Whoever reads the record meanwhile sees that it has an owner.
  keeper.touch();

  const oneRun = async (running: RunningContainer): Promise<ProcessExit & { error: string }> => {
    emitContainerEvent(engine, record, 'start');
    const started = engine.platform.now();
    const stopWatching = watchHealth(engine, record, live, running);
    const exit = await exitOf(running);
    stopWatching();
    process = undefined;
    log.endRun();
    if (exit.outOfMemory) emitContainerEvent(engine, record, 'oom');
    const execDuration = String(Math.floor((engine.platform.now() - started) / 1000));
    const exitCode = String(exit.code);
    await beginning.leave();
    emitContainerEvent(engine, record, 'die', { execDuration, exitCode });
    return exit;
  };

  /** The next run of the policy; undefined when it has ended for good, which `state` says then. */
  const again = async (running: RunningContainer): Promise<RunningContainer | undefined> => {
    const began = engine.platform.now();
    const exit = await oneRun(running);
    const { code: exitCode, outOfMemory, error } = exit;
    const finishedAt = isoNow(engine);
    const end = { exitCode, outOfMemory, finishedAt, error };
    const delay = isHalted ? undefined : policy.next(exitCode, engine.platform.now() - began);
    if (delay === undefined) {
      state = endedState(state, end);
      return undefined;
    }
    state = { ...endedState(state, end), status: 'restarting', owner: engineId(engine) };
    keeper.touch();
    exited.resolve(exitCode);
    exited = codeOfRun();
    await pause(delay, halted.promise);
    if (isHalted) {
      state = endedState(state, end);
      return undefined;
    }
    try {
      const next = await beginning.run();
      const { restartCount } = state;
      state = { ...runningState(engine, state, next.pid), restartCount: restartCount + 1 };
      keeper.touch();
      return next;
    } catch (failure) {
      if (!(failure instanceof EngineError)) throw failure;
      state = endedState(state, { ...end, exitCode: 128, error: failure.message });
      return undefined;
    }
  };

  const toTheEnd = async (): Promise<void> => {
    for (let running: RunningContainer | undefined = process; running;) {
      running = await again(running);
      process = running;
    }
    stopSaving();
    await prepared.release();
    if (record.host.autoRemove && !isKept) {
      await removeForGood(engine, record, { volumes: true });
    } else await keeper.save();
  };
  toTheEnd()
    .finally(() => {
      stopSaving();
      unregister();
    })
    .then(
      () => {
        exited.resolve(state.exitCode);
        ended.resolve(state);
      },
      (error: unknown) => {
        // Whoever waits for the container is told that it could not be saved.
        exited.reject(error);
        ended.reject(error);
      },
    );
  // Nobody need be waiting.
  ended.promise.catch(() => undefined);
  return live;
}

/** When the machine itself fails the container is gone like one that was killed. */
async function exitOf(running: RunningContainer): Promise<ProcessExit & { error: string }> {
  try {
    return { ...(await running.exit), error: '' };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { code: 137, outOfMemory: false, error: error.message };
  }
}

function runningState(engine: Engine, before: ContainerState, pid: number): ContainerState {
  return {
    ...{ status: 'running', exitCode: 0, error: '', outOfMemory: false, pid },
    ...{ startedAt: isoNow(engine), finishedAt: before.finishedAt, restartCount: 0 },
    owner: engineId(engine),
  };
}

function codeOfRun(): PromiseWithResolvers<number> {
  const code = Promise.withResolvers<number>();
  // Nobody need be waiting.
  code.promise.catch(() => undefined);
  return code;
}

function pause(milliseconds: number, unless: Promise<undefined>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void unless.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
