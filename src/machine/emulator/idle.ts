/** Decides how long a guest that has nothing to do may sleep. */
export interface Idle {
  setSlice(milliseconds: number): void;
  /** The guest got something to do from outside. */
  wake(): void;
  /**
   * `due`: ms until the guest's own timer, as it was when it halted; `ran`: instructions since it
   * last woke. The result is in ms, and at least 1: a timer that is nearly due is not waited for
   * by spinning.
   */
  sleep(due: number, ran: number): number;
}

/** A guest that only takes a timer's interrupt and halts again executes fewer instructions. */
const TICK = 20_000;

/** So many wakes without work before the guest sleeps through its timers. */
const QUIET_WAKES = 3;

export function createIdle(): Idle {
  let slice = 20;
  let quiet = 0;
  return {
    setSlice(milliseconds) {
      slice = milliseconds;
    },
    wake() {
      quiet = 0;
    },
    sleep(due, ran) {
      quiet = ran < TICK ? quiet + 1 : 0;
      const own = Math.max(1, Math.ceil(due));
      return quiet < QUIET_WAKES ? own : Math.max(own, slice);
    },
  };
}
