import { CREDIT_STEP, WINDOW } from './protocol.ts';

/**
 * What the guest writes on one stream, given to a consumer one piece after the other. `credit` is
 * called as pieces were taken, so that the guest never has more than a window on its way.
 */
export interface Inflow {
  push(bytes: Uint8Array): void;
  /** Resolves when all that was pushed was taken. Rejects with the first error of the consumer. */
  settled(): Promise<void>;
}

export function inflow(
  consume: (bytes: Uint8Array) => void | Promise<void>,
  credit: (bytes: number) => void,
): Inflow {
  let last = Promise.resolve();
  let waiting = 0;
  let owed = 0;
  let failed = false;
  let failure: unknown;
  const taken = (bytes: number): void => {
    owed += bytes;
    if (owed < CREDIT_STEP) return;
    credit(owed);
    owed = 0;
  };
  const give = async (bytes: Uint8Array): Promise<void> => {
    // After the consumer failed the rest is thrown away: a process must not hang on a reader that is gone.
    try {
      if (!failed) await consume(bytes);
    } catch (error) {
      failed = true;
      failure = error;
    }
    waiting -= 1;
    taken(bytes.length);
  };
  return {
    push(bytes) {
      waiting += 1;
      last = waiting === 1 ? give(bytes) : last.then(() => give(bytes));
    },
    async settled() {
      await last;
      if (failed) throw failure;
    },
  };
}

/** Sends a source to the guest as far as the guest gives credit. */
export interface Outflow {
  /** The guest took this many bytes. */
  credit(bytes: number): void;
  /** Nothing more is wanted; the source is released. */
  stop(): void;
}

/**
 * `send` gets pieces that fit the credit, `end` the end of the source. The source is read only while
 * there is credit. `failed` gets what the source threw; to the guest that is an end like any other.
 */
export function outflow(
  source: AsyncIterable<Uint8Array>,
  to: {
    send(bytes: Uint8Array): void;
    end(): void;
    failed(error: unknown): void;
  },
  piece: number,
): Outflow {
  let room = WINDOW;
  let stopped = false;
  let wake: (() => void) | undefined;
  const iterator = source[Symbol.asyncIterator]();

  const sendAll = async (bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length && !stopped;) {
      if (room === 0) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      const length = Math.min(room, piece, bytes.length - at);
      room -= length;
      to.send(bytes.subarray(at, at + length));
      at += length;
    }
  };
  const pump = async (): Promise<void> => {
    try {
      for (;;) {
        const next: IteratorResult<Uint8Array, unknown> = await iterator.next();
        if (stopped || next.done === true) break;
        await sendAll(next.value);
      }
    } catch (error) {
      if (!stopped) to.failed(error);
    }
    if (!stopped) to.end();
  };
  void pump();

  return {
    credit(bytes) {
      room += bytes;
      wake?.();
    },
    stop() {
      if (stopped) return;
      stopped = true;
      wake?.();
      // A source that waits for something to be typed answers whenever that comes, or never.
      void Promise.resolve(iterator.return?.()).catch(() => undefined);
    },
  };
}
