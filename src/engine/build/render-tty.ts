import { type BuildEvent, CANCELED } from './progress.ts';
import type { ProgressState, VertexState } from './progress-state.ts';
import { seconds } from './render-plain.ts';

/** Not oftener than this (ms) is the frame drawn again. */
const PAUSE = 80;
/** Lines of a running process shown under its vertex. */
const LOG_LINES = 6;

export interface Terminal {
  write(text: string): void;
  readonly columns: number;
  /** False with NO_COLOR. */
  readonly color: boolean;
  /** Milliseconds since the build began. */
  now(): number;
}

/** BuildKit's `--progress=tty`: one frame, redrawn in place. `end` draws it for the last time. */
export function ttyRenderer(
  terminal: Terminal,
  state: ProgressState,
): { readonly on: (event: BuildEvent) => void; readonly end: () => void } {
  let drawn = 0;
  let lastAt = -Infinity;
  const draw = (finished: boolean): void => {
    const lines = frame(state, terminal, finished);
    // Up to where the last frame began, and everything from there on anew.
    const up = drawn > 0 ? `\u001b[${drawn}A\r\u001b[J` : '';
    terminal.write(`${up}${lines.map((line) => `${line}\n`).join('')}`);
    drawn = lines.length;
    lastAt = terminal.now();
  };
  return {
    on(event) {
      state.apply(event);
      if (terminal.now() - lastAt >= PAUSE) draw(false);
    },
    end() {
      draw(true);
    },
  };
}

/** The lines of the frame as they are now. */
export function frame(
  state: ProgressState,
  { columns, color, now }: Pick<Terminal, 'columns' | 'color' | 'now'>,
  finished: boolean,
): readonly string[] {
  const all = [...state.vertices.values()];
  const done = all.filter(({ finishedAt }) => finishedAt !== undefined).length;
  const shown = all
    .filter(({ startedAt }) => startedAt !== undefined)
    .sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0) || a.id - b.id);
  const end = finished ? ' FINISHED' : '';
  const head = `[+] Building ${seconds(now())} (${done}/${all.length})${end}`;
  const lines = [aligned(head, 'semdistro', columns)];
  for (const vertex of shown) {
    const isDone = vertex.finishedAt !== undefined;
    const took = (vertex.finishedAt ?? now()) - (vertex.startedAt ?? 0);
    const line = aligned(` => ${label(vertex)}${vertex.name}`, seconds(took), columns);
    lines.push(paint(line, vertex, color));
    for (const part of vertex.parts.values()) {
      const time = (part.finishedAt ?? now()) - part.startedAt;
      const text = aligned(` => => ${part.name}`, seconds(time), columns);
      lines.push(paint(text, vertex, color));
    }
    if (isDone || vertex.log.length === 0) continue;
    for (const { text } of vertex.log.slice(-LOG_LINES)) {
      lines.push(cut(` => => # ${printable(text)}`, columns - 1));
    }
  }
  return lines;
}

function label(vertex: VertexState): string {
  if (vertex.error === CANCELED) return 'CANCELED ';
  if (vertex.error !== undefined) return 'ERROR ';
  return vertex.cached ? 'CACHED ' : '';
}

function paint(line: string, vertex: VertexState, color: boolean): string {
  if (!color) return line;
  if (vertex.error !== undefined) return `\u001b[31m${line}\u001b[0m`;
  return vertex.finishedAt === undefined ? line : `\u001b[34m${line}\u001b[0m`;
}

/** Text at the left, time at the right, in one line of the terminal. */
function aligned(left: string, right: string, columns: number): string {
  const width = Math.max(columns - 1, right.length + 2);
  const text = cut(printable(left), width - right.length - 1);
  return `${text}${' '.repeat(width - text.length - right.length)}${right}`;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : text.slice(0, Math.max(width, 0));
}

/** What a Dockerfile or a process writes must not move the cursor. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\u0000-\u001f\u007f]/g, ' ');
}
