/** To be awaited when it is not undefined, which it is most of the time. Rejects once the command is interrupted. */
export type Pause = () => Promise<void> | undefined;

/** Long enough to cost nothing, short enough for nobody to notice. */
const LONGEST = 20;

/**
 * Lets Ctrl-C, timers and the progress through while many small files are worked on: reading them
 * without leaving the thread waits for nothing, and Node hears of no signal before something waits.
 */
export function pauses(signal?: AbortSignal): Pause {
  let last = performance.now();
  return () => {
    if (signal?.aborted === true) return Promise.reject(asError(signal.reason));
    if (performance.now() - last < LONGEST) return undefined;
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        last = performance.now();
        // Heard in between, most likely.
        if (signal?.aborted === true) reject(asError(signal.reason));
        else resolve();
      });
    });
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
