import type { Time } from './node.ts';

/** An entry's time, which is a number of seconds with a fraction, and back. */
export function timeOfEntry(mtime: number): Time {
  const seconds = Math.floor(mtime);
  const nanoseconds = Math.round((mtime - seconds) * 1e9);
  return nanoseconds === 1e9 ? { seconds: seconds + 1, nanoseconds: 0 } : { seconds, nanoseconds };
}

export function entryTime({ seconds, nanoseconds }: Time): number {
  return seconds + nanoseconds / 1e9;
}

export function sameTime(a: Time, b: Time): boolean {
  return a.seconds === b.seconds && a.nanoseconds === b.nanoseconds;
}
