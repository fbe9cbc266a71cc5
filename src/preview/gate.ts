import { PreviewFailure } from './problem.ts';

/** Lets so many through at once; the others wait in order, and not without end. */
export interface Gate {
  /** Resolves with what lets the next one in. Rejects with `too-many`, or the signal's reason. */
  enter(signal?: AbortSignal): Promise<() => void>;
}

export function gate(inside: number, waiting: number): Gate {
  const queue: (() => void)[] = [];
  let free = inside;

  const leaver = (): (() => void) => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = queue.shift();
      if (next) next();
      else free += 1;
    };
  };

  return {
    async enter(signal) {
      signal?.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return leaver();
      }
      if (queue.length >= waiting) {
        throw new PreviewFailure('too-many', `${waiting} requests wait already`);
      }
      return new Promise((resolve, reject) => {
        const come = (): void => {
          signal?.removeEventListener('abort', go);
          resolve(leaver());
        };
        const go = (): void => {
          queue.splice(queue.indexOf(come), 1);
          reject(failureOfSignal(signal));
        };
        queue.push(come);
        signal?.addEventListener('abort', go, { once: true });
      });
    },
  };
}

function failureOfSignal(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new PreviewFailure('cut-off', 'nobody waits for it');
}
