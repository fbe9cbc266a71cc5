import type { Paint } from './paint.ts';
import { cut } from './text.ts';

interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** A line at the bottom of a terminal that says what is being waited for, and for how long. */
export interface LiveLine {
  show(what: string): void;
  clear(): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const EVERY = 120;

/** Nothing where the output is no terminal. It must be cleared before anything else is written, and at the end. */
export function liveLine(
  terminal: Terminal,
  paint: Paint,
  seconds: (seconds: number) => string,
): LiveLine {
  if (terminal.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  const clear = (): void => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    terminal.write('\r\u001b[K');
  };
  return {
    clear,
    show(what) {
      clear();
      const began = performance.now();
      let frame = 0;
      const draw = (): void => {
        const spent = (performance.now() - began) / 1000;
        const took = spent >= 2 ? ` ${seconds(Math.floor(spent))}` : '';
        const line = cut(what, (terminal.columns ?? 80) - took.length - 4);
        const mark = FRAMES[frame++ % FRAMES.length] ?? '';
        terminal.write(`\r\u001b[K${paint.cyan(mark)} ${line}${paint.dim(took)}`);
      };
      timer = setInterval(draw, EVERY);
      timer.unref();
      draw();
    },
  };
}
