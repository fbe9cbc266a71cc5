import type { Platform } from '../src/engine/platform.ts';

/** A clock that stands still and dice that always fall alike, so that two engines can be compared. */
export function fixed(): Pick<Platform, 'now' | 'randomHex'> {
  let thrown = 0;
  return {
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
    randomHex: (digits) => (++thrown).toString(16).padStart(digits, '0').slice(-digits),
  };
}
