import { stdin, stdout } from 'node:process';
import type { SessionSignals, SessionTerminal } from '../engine/docker/session.ts';

/** This process's terminal; undefined when neither stdin nor stdout is one. */
export function processTerminal(): SessionTerminal | undefined {
  if (!stdin.isTTY && !stdout.isTTY) return undefined;
  return {
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    onResize(listener) {
      stdout.on('resize', listener);
      return () => void stdout.off('resize', listener);
    },
    setRaw(raw) {
      if (stdin.isTTY) stdin.setRawMode(raw);
    },
  };
}

const NUMBERS = {
  ...{ SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGUSR2: 12, SIGTERM: 15 },
} as const;

/** Signals sent to this process, by number. SIGUSR1 is Node's own, for its debugger. */
export function processSignals(): SessionSignals & { readonly heard: () => boolean } {
  let listening = 0;
  return {
    heard: () => listening > 0,
    listen(listener) {
      const handlers = Object.entries(NUMBERS).map(([name, number]) => {
        const handler = (): void => {
          listener(number);
        };
        process.on(name, handler);
        return { name, handler };
      });
      listening += 1;
      return () => {
        listening -= 1;
        for (const { name, handler } of handlers) process.off(name, handler);
      };
    },
  };
}
