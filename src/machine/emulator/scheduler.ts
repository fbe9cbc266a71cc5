/** One thing to do later; asking again replaces what was asked before. */
export interface Scheduler {
  /** After at least so many ms; 0: as soon as whatever else waits had its turn. */
  after(milliseconds: number, task: () => void): void;
  /** Nothing happens any more, and nothing keeps a process alive. */
  close(): void;
}

/**
 * Timers for the emulator's loop. v86's own keep a nested worker for this, whose messages take
 * longer than most of the emulator's turns. Timers of a dedicated worker are not throttled when its
 * page is hidden.
 */
export function createScheduler(): Scheduler {
  let task: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // How often a turn was asked for: only the last one counts.
  let asked = 0;
  let closed = false;

  const run = (turn: number): void => {
    if (turn !== asked || task === undefined) return;
    const due = task;
    task = undefined;
    due();
  };
  const soon = createSoon(run);

  return {
    after(milliseconds, next) {
      if (closed) return;
      clearTimeout(timer);
      timer = undefined;
      task = next;
      const turn = ++asked;
      if (milliseconds <= 0) soon.call(turn);
      // Not from the timer itself: timers that timers set take at least 4 ms in browsers.
      else timer = setTimeout(soon.call, milliseconds, turn);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      task = undefined;
      soon.close();
    },
  };
}

/** `setTimeout(…, 0)` waits 1 to 4 ms; this does not, and lets input through in between. */
function createSoon(run: (turn: number) => void): {
  readonly call: (turn: number) => void;
  readonly close: () => void;
} {
  // Node has it, browsers do not; a message channel does the same there.
  if (typeof globalThis.setImmediate === 'function') {
    return { call: (turn) => void setImmediate(run, turn), close: () => undefined };
  }
  const { port1, port2 } = new MessageChannel();
  const turns: number[] = [];
  port1.addEventListener('message', () => {
    run(turns.shift() ?? 0);
  });
  port1.start();
  return {
    call: (turn) => {
      turns.push(turn);
      port2.postMessage(undefined);
    },
    close: () => {
      port1.close();
    },
  };
}
