import type { KernelLog } from './kernel-log.ts';
import type { EmulatorCrash } from './port.ts';

export interface CrashReport {
  readonly crashed: Promise<EmulatorCrash>;
  /** The first reason counts; what follows is its consequence. */
  readonly report: (reason: string) => void;
  /** Nothing is reported from here on. */
  readonly close: () => void;
}

export function createCrashReport(log: KernelLog): CrashReport {
  const { promise, resolve } = Promise.withResolvers<EmulatorCrash>();
  let open = true;
  return {
    crashed: promise,
    report(reason) {
      if (!open) return;
      open = false;
      resolve({ reason: log.panic() ?? reason, log: log.text() });
    },
    close() {
      open = false;
    },
  };
}

/** `what` and the message of what was thrown, on one line. */
export function told(what: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${what}: ${message.split('\n', 1)[0] ?? ''}`;
}
