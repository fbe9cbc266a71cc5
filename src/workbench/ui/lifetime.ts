import type { Workbench, WorkbenchError, WorkbenchState } from '../port.ts';
import { asTrouble } from './trouble.ts';

export interface LifetimeEvents {
  /** The machine runs: opens the lab and its panels. The workbench is ready when this resolves. */
  prepare(): Promise<void>;
  /** The machine runs no more; what was open in it is gone. */
  gone(): void;
  /** After every change: what to show, `running` only when all is ready. */
  show(state: WorkbenchState): void;
}

export interface Lifetime {
  readonly ready: boolean;
  /** After a failure: what failed once more. */
  retry(): Promise<void>;
  takeOver(): Promise<void>;
  dispose(): void;
}

/** Follows a workbench from its start to its end, through restarts and other tabs. */
export function lifetime(
  workbench: Pick<Workbench, 'state' | 'onState' | 'start' | 'takeOver'>,
  events: LifetimeEvents,
): Lifetime {
  let ready = false;
  let preparing = false;
  let failure: WorkbenchError | undefined;

  const show = (): void => {
    events.show(shownState(workbench.state, ready, failure));
  };
  async function prepare(): Promise<void> {
    if (preparing) return;
    preparing = true;
    failure = undefined;
    show();
    try {
      await events.prepare();
      // It may have ended while its panels were opened.
      ready = workbench.state.kind === 'running';
    } catch (thrown) {
      if (workbench.state.kind === 'running') failure = asTrouble(thrown);
    }
    preparing = false;
    show();
  }
  function changed(state: WorkbenchState): void {
    if (state.kind === 'running') {
      if (!ready) void prepare();
      else show();
      return;
    }
    failure = undefined;
    if (ready) {
      ready = false;
      events.gone();
    }
    show();
  }
  /** What fails is in the state already; what is not in it is shown all the same. */
  async function attempt(what: () => Promise<void>): Promise<void> {
    try {
      await what();
    } catch (thrown) {
      const { kind } = workbench.state;
      if (kind === 'off' || kind === 'starting') failure = asTrouble(thrown);
      show();
    }
  }
  const stop = workbench.onState(changed);
  changed(workbench.state);

  return {
    get ready() {
      return ready;
    },
    retry: () =>
      workbench.state.kind === 'running' ? prepare() : attempt(() => workbench.start()),
    takeOver: () => attempt(() => workbench.takeOver()),
    dispose: stop,
  };
}

function shownState(
  state: WorkbenchState,
  ready: boolean,
  failure: WorkbenchError | undefined,
): WorkbenchState {
  if (failure) return { kind: 'failed', error: failure };
  if (state.kind !== 'running' || ready) return state;
  return { kind: 'starting', stage: 'files', bytes: 0, seconds: state.seconds };
}
