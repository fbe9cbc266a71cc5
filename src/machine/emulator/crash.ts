import type { EmulatorCrash } from './port.ts';

/** As much of the kernel's log as a report needs. */
const KEPT = 16 * 1024;

/** Keeps the end of the kernel's log and finds a panic in it. */
export interface KernelLog {
  add(bytes: Uint8Array): void;
  text(): string;
  /** The panic's own line, without its time. */
  panic(): string | undefined;
}

export function createKernelLog(): KernelLog {
  const decoder = new TextDecoder();
  let text = '';
  return {
    add(bytes) {
      text = (text + decoder.decode(bytes, { stream: true })).slice(-KEPT);
    },
    text: () => text,
    panic: () => /Kernel panic - not syncing: ?[^\r\n]*(?=[\r\n])/.exec(text)?.[0],
  };
}

/** The first reason counts; what follows is its consequence. */
export function createCrash(log: KernelLog): {
  readonly crashed: Promise<EmulatorCrash>;
  report(reason: string): void;
  readonly happened: boolean;
  /** Nothing is reported from here on. */
  close(): void;
} {
  const { promise, resolve } = Promise.withResolvers<EmulatorCrash>();
  let closed = false;
  let happened = false;
  return {
    crashed: promise,
    get happened() {
      return happened;
    },
    report(reason) {
      if (closed || happened) return;
      happened = true;
      resolve({ reason, log: log.text() });
    },
    close() {
      closed = true;
    },
  };
}
