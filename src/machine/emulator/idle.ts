/**
 * Decides how long a guest that halted may sleep. A kernel with a periodic tick wakes 250 times a
 * second for nothing, and a tickless one still does when its timer's hardware overflows; both bring
 * their clocks up to date after a longer sleep, and only find their timers late. So the longer
 * nothing happened the later they may be: never by more than a quarter of the time that the guest
 * has been quiet, nor by more than the slice.
 */
export interface Idle {
  /** The most that timers may be late, in ms. */
  setSlice(milliseconds: number): void;
  /** Something came from outside. */
  wake(): void;
  /**
   * `due`: ms until the guest's own timer, as it was when it halted; `ran`: instructions since it
   * halted last. The result is in ms, and at least 1: v86 itself spins for less, which costs more
   * than all else.
   */
  sleep(due: number, ran: number): number;
}

/** A process did something. */
const WORK = 20_000;

/**
 * A tick alone takes the kernel 3,600 to 5,700 instructions. Up to `WORK` may be its housekeeping, a
 * few times a second, or a small program with a timer of its own, much more often.
 */
const TICK = 6_500;

const LATEST = 1 / 4;

export function createIdle(): Idle {
  let slice = 100;
  /** For how long, in ms. */
  let quiet = 0;
  return {
    setSlice(milliseconds) {
      slice = milliseconds;
    },
    wake() {
      quiet = 0;
    },
    sleep(due, ran) {
      if (ran > WORK) quiet = 0;
      else if (ran > TICK) quiet *= LATEST;
      const milliseconds = Math.max(1, Math.ceil(due), Math.min(slice, Math.floor(quiet * LATEST)));
      // Having been quiet for an hour says no more than for a second.
      quiet = Math.min(quiet + milliseconds, slice / LATEST);
      return milliseconds;
    },
  };
}
