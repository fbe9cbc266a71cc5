/** As much of the kernel's log as a report needs. */
const KEPT = 16 * 1024;

const PANIC = /Kernel panic - not syncing.*/;

/** Keeps the end of the kernel's log, which comes byte by byte, and finds a panic in it. */
export interface KernelLog {
  add(byte: number): void;
  text(): string;
  /** The panic's own line, without its time. */
  panic(): string | undefined;
}

export function createKernelLog(): KernelLog {
  let lines = '';
  let line = '';
  let panic: string | undefined;
  return {
    add(byte) {
      line += String.fromCharCode(byte);
      if (byte !== 10) return;
      panic ??= PANIC.exec(line)?.[0].trimEnd();
      lines = (lines + line.replace('\r\n', '\n')).slice(-KEPT);
      line = '';
    },
    text: () => lines + line,
    panic: () => panic,
  };
}
