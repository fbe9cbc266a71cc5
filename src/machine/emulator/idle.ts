/**
 * Decides how long a guest that halted may sleep. A kernel with a periodic tick wakes 250 times a
 * second for nothing, and a tickless one still does when its timer's hardware overflows; both bring
 * their clocks up to date after a longer sleep, and only find their timers late. How late they may
 * be is learnt from the guest: a third of the time from one thing it did to the next, or of the time
 * since, and never more than the slice. So whoever asks for a second gets a second, and whoever does
 * something every 10 ms does it every 10 ms.
 */
export interface Idle {
  /** The most that timers may be late, in ms. */
  setSlice(milliseconds: number): void;
  /** Something came from outside: much may follow soon. */
  wake(): void;
  /**
   * `due`: ms until the guest's own timer, as it was when it halted; `ran`: instructions since it
   * halted last. The result is in ms, and at least 1: v86 itself spins for less, which costs more
   * than all else.
   */
  sleep(due: number, ran: number): number;
}

/** A tick alone takes the kernel 3,600 to 5,700 instructions; all that does anything takes more. */
const TICK = 7_000;

const LATEST = 1 / 3;

export function createIdle(): Idle {
  let slice = 100;
  /** How long the guest has done nothing, and had done nothing the time before, in ms. */
  let quiet = 0;
  let before = 0;
  return {
    setSlice(milliseconds) {
      slice = milliseconds;
    },
    wake() {
      quiet = 0;
      before = 0;
    },
    sleep(due, ran) {
      if (ran > TICK) {
        before = quiet;
        quiet = 0;
      }
      const late = Math.min(slice, Math.floor(Math.max(quiet, before) * LATEST));
      const milliseconds = Math.max(1, Math.ceil(due), late);
      // Having been quiet for an hour says no more than for a second.
      quiet = Math.min(quiet + milliseconds, slice / LATEST);
      return milliseconds;
    },
  };
}
