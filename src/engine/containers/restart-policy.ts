import type { HostConfig } from './record.ts';

const FIRST_DELAY = 100;
const LONGEST_DELAY = 60_000;
/** A run that took so long starts the delays anew. */
const GOOD_RUN = 10_000;

/** Decides, run by run, what `--restart` means. Milliseconds. */
export interface RestartPolicy {
  /** How long to wait before the next start; undefined: it has ended for good. */
  next(exitCode: number, ran: number): number | undefined;
}

/** Docker's: 100 ms, doubled each time up to a minute. */
export function restartPolicy({
  restartPolicy: text,
}: Pick<HostConfig, 'restartPolicy'>): RestartPolicy {
  const [name = 'no', count = '0'] = text.split(':');
  const most = Number(count);
  let restarts = 0;
  let delay = 0;
  const wants = (exitCode: number): boolean => {
    if (name === 'always' || name === 'unless-stopped') return true;
    return name === 'on-failure' && exitCode !== 0 && (most === 0 || restarts < most);
  };
  return {
    next(exitCode, ran) {
      if (!wants(exitCode)) return undefined;
      restarts += 1;
      delay = delay === 0 || ran >= GOOD_RUN ? FIRST_DELAY : Math.min(delay * 2, LONGEST_DELAY);
      return delay;
    },
  };
}
