import { fail } from './errno.ts';

/**
 * The memory that files written by guests may take, shared by the trees of a machine: a process that
 * fills its disk gets ENOSPC before the page runs out of memory.
 */
export interface Space {
  /** Bytes. */
  readonly capacity: number;
  readonly used: number;
  /** Throws ENOSPC when there is not so much left. */
  take(bytes: number): void;
  give(bytes: number): void;
}

const DEFAULT_CAPACITY = 2 * 2 ** 30;

export function space(capacity: number = DEFAULT_CAPACITY): Space {
  let used = 0;
  return {
    capacity,
    get used() {
      return used;
    },
    take(bytes) {
      if (used + bytes > capacity) fail('ENOSPC');
      used += bytes;
    },
    give(bytes) {
      used -= bytes;
    },
  };
}
