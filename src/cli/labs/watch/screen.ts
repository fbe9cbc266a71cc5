import { columnsOf } from '../text.ts';

interface Terminal {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
}

/** The whole terminal, drawn over in place. */
export interface Screen {
  /** Shows lines, with `foot` at the end whatever is too long above it; `more` says how many lines had no room. */
  draw(lines: readonly string[], foot: readonly string[], more: (lines: number) => string): void;
  /** Leaves what was drawn last and puts the cursor below it. */
  leave(): void;
}

const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

export function screenOn(terminal: Terminal): Screen {
  let shown = '';
  return {
    draw(lines, foot, more) {
      const columns = terminal.columns ?? 80;
      const rows = terminal.rows ?? 24;
      const room = Math.max(1, rows - heightOf(foot, columns));
      const text = [...fitting(lines, room, columns, more), ...foot].join(`${CLEAR_LINE}\r\n`);
      const frame = `${HOME}${text}${CLEAR_LINE}${CLEAR_BELOW}`;
      if (frame === shown) return;
      // What was on the terminal before is scrolled away, not written over.
      if (shown === '') terminal.write(`${HIDE_CURSOR}${'\n'.repeat(rows - 1)}`);
      shown = frame;
      terminal.write(frame);
    },
    leave() {
      terminal.write(`\r\n${SHOW_CURSOR}`);
    },
  };
}

/** Rows that lines take where those that are too long go on in the next. */
function heightOf(lines: readonly string[], columns: number): number {
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(columnsOf(line) / columns)), 0);
}

function fitting(
  lines: readonly string[],
  room: number,
  columns: number,
  more: (lines: number) => string,
): readonly string[] {
  if (heightOf(lines, columns) <= room) return lines;
  const shown: string[] = [];
  let left = room - 1;
  for (const line of lines) {
    left -= heightOf([line], columns);
    if (left < 0) break;
    shown.push(line);
  }
  return [...shown, more(lines.length - shown.length)];
}
