import type { Occasion } from '../../labs/steps.ts';
import type { Later } from './continuous.ts';

/** Looks when there is an occasion: once for all that come in a row, and never twice at a time. */
export interface Lookouts {
  /** Something happened; while a look goes on it is kept for the next. */
  on(occasion: Occasion): void;
  stop(): void;
}

export function lookouts(
  look: (occasions: readonly Occasion[]) => Promise<void>,
  later: Later,
): Lookouts {
  const waiting = new Set<Occasion>();
  let looking = false;
  let callOff: (() => void) | undefined;
  let stopped = false;

  const go = async (): Promise<void> => {
    callOff = undefined;
    if (looking || stopped) return;
    looking = true;
    const occasions = [...waiting];
    waiting.clear();
    try {
      await look(occasions);
    } finally {
      looking = false;
    }
    if (waiting.size > 0) soon();
  };
  const soon = (): void => {
    if (stopped) return;
    // Not put off again: what happens all the time must not keep it from looking.
    callOff ??= later(() => void go());
  };
  return {
    on(occasion) {
      waiting.add(occasion);
      if (!looking) soon();
    },
    stop() {
      stopped = true;
      callOff?.();
      waiting.clear();
    },
  };
}
