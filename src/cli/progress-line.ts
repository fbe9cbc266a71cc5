interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

interface Progress {
  readonly step: string;
  readonly done: number;
  /** 0 when it is not known how much there is. */
  readonly total: number;
}

/** Work that is done sooner shows no bar. */
const PATIENCE = 1000;
const EVERY = 100;

/**
 * One line at the bottom of a terminal that says how far something is; nothing where the output is
 * not a terminal.
 */
export function progressLine(
  terminal: Terminal,
  quiet: boolean,
): { readonly show: (progress: Progress) => void; readonly clear: () => void } {
  const on = terminal.isTTY === true && !quiet;
  const started = performance.now();
  let last = 0;
  let shown = false;
  return {
    show({ step, done, total }) {
      const now = performance.now();
      if (!on || now - started < PATIENCE || (now - last < EVERY && done < total)) return;
      last = now;
      shown = true;
      terminal.write(`\r\u001b[K${bar(step, done, total, terminal.columns ?? 80)}`);
    },
    clear() {
      if (shown) terminal.write('\r\u001b[K');
      shown = false;
    },
  };
}

const WIDTH = 24;

function bar(step: string, done: number, total: number, columns: number): string {
  if (total <= 0) return `${step} …`.slice(0, columns - 1);
  const part = Math.min(done / total, 1);
  const filled = Math.round(part * WIDTH);
  const percent = `${Math.floor(part * 100)}%`.padStart(4);
  return `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${percent}  ${step}`.slice(
    0,
    columns - 1,
  );
}
