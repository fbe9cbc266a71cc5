/** Files that editors write on the way to saving one. */
const PASSING = /(^|\/)(\.[^/]*\.sw[a-p]|4913|[^/]*~|\.#[^/]*)$/;

/** A wait that can be called off; `setTimeout` in a page. */
export type Later = (run: () => void) => () => void;

/** Runs something after files were saved, while asked to: once for a burst, and never twice at a time. */
export interface Continuous {
  readonly on: boolean;
  turn(on: boolean): void;
  /** Files have changed. */
  changed(paths: readonly string[]): void;
  stop(): void;
}

export function continuous(run: () => Promise<void>, later: Later): Continuous {
  let on = false;
  let running = false;
  let again = false;
  let callOff: (() => void) | undefined;

  const go = async (): Promise<void> => {
    callOff = undefined;
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await run();
    } finally {
      running = false;
    }
    if (again) {
      again = false;
      soon();
    }
  };
  const soon = (): void => {
    callOff?.();
    callOff = later(() => void go());
  };
  const stop = (): void => {
    callOff?.();
    callOff = undefined;
    again = false;
  };
  return {
    get on() {
      return on;
    },
    turn(wanted) {
      on = wanted;
      if (!on) stop();
    },
    changed(paths) {
      if (on && paths.some((path) => !PASSING.test(path))) soon();
    },
    stop,
  };
}
