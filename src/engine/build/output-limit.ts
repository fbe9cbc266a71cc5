import { utf8 } from '../bytes.ts';

const MOST = 2 * 1024 * 1024;
const MOST_PER_SECOND = 200 * 1024;

/**
 * BuildKit's limit on what a step prints, per stream: 200 KiB for each second that it runs, and
 * 2 MiB in all. What is more is left out, and that it was is said where it begins.
 */
export function outputLimit(
  now: () => number,
  write: (bytes: Uint8Array) => void,
): (bytes: Uint8Array) => void {
  const began = now();
  let seen = 0;
  let clipping = false;
  return (bytes) => {
    const seconds = Math.max(1, Math.ceil((now() - began) / 1000));
    const bySpeed = seconds * MOST_PER_SECOND;
    const limit = Math.min(bySpeed, MOST);
    const room = Math.max(0, limit - seen);
    seen += bytes.length;
    if (bytes.length <= room) {
      clipping = false;
      write(bytes);
      return;
    }
    if (room > 0) write(bytes.slice(0, room));
    if (clipping) return;
    clipping = true;
    const why = bySpeed < MOST ? '200KiB/s' : '2MiB';
    write(utf8(`\n[output clipped, log limit ${why} reached]\n`));
  };
}
