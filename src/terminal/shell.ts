import type { Terminal } from '@xterm/xterm';
import type { TerminalSession } from '../workbench/port.ts';
import type { TerminalPanelOptions } from './panel.ts';
import type { TerminalWords } from './words.ts';

/** The shell behind a terminal: one after another, as each ends and Enter is pressed. */
export interface Shell {
  start(): Promise<void>;
  /** Kept until the shell is there; after its end, Enter starts another one. */
  write(data: string): void;
  resize(columns: number, rows: number): void;
  /** Resolves when it has printed something, its prompt; starts one where there is none. False when that fails. */
  ready(): Promise<boolean>;
  end(): void;
}

/** What a program that was killed may leave switched on: mouse, pastes, a hidden cursor, colours. */
const CALM = '\u001b[?1000;1002;1003;1004;1006;2004l\u001b[?25h\u001b[0m';
const LEAVE_FULL_SCREEN = '\u001b[?1049l';
const DIM = '\u001b[90m';
const PLAIN = '\u001b[0m';

/** A shell that is silent for this long is as ready as it will be, in milliseconds. */
const SILENT = 3000;

type State =
  | { readonly kind: 'off' }
  | { readonly kind: 'starting'; typed: string }
  | { readonly kind: 'running'; readonly session: TerminalSession };

/** The part of xterm's terminal that a shell writes to. */
export type Screen = Pick<Terminal, 'write' | 'cols' | 'rows'> & {
  readonly buffer: { readonly active: { readonly type: 'normal' | 'alternate' } };
};

export function shellOf({
  terminal,
  open,
  words,
}: {
  readonly terminal: Screen;
  readonly open: TerminalPanelOptions['open'];
  readonly words: TerminalWords;
}): Shell {
  let state: State = { kind: 'off' };
  let gone = false;
  /** Of the shell that is there now; what older ones still say counts no more. */
  let current = 0;
  let spoke = Promise.withResolvers<boolean>();

  const over = (message: string): void => {
    state = { kind: 'off' };
    spoke.resolve(false);
    const leave = terminal.buffer.active.type === 'alternate' ? LEAVE_FULL_SCREEN : '';
    terminal.write(`${leave}${CALM}\r\n${DIM}${message}\r\n${words.again}${PLAIN}\r\n`);
  };

  const start = async (): Promise<void> => {
    if (state.kind !== 'off') return;
    const mine = ++current;
    const starting: State = { kind: 'starting', typed: '' };
    state = starting;
    spoke = Promise.withResolvers();
    const { cols: columns, rows } = terminal;
    try {
      const session = await open({
        columns,
        rows,
        onOutput(bytes) {
          if (mine !== current) return;
          terminal.write(bytes, () => {
            spoke.resolve(true);
          });
        },
        onExit(code) {
          if (mine !== current) return;
          current++;
          over(words.ended(code));
        },
      });
      if (mine !== current) {
        session.close();
        return;
      }
      state = { kind: 'running', session };
      if (terminal.cols !== columns || terminal.rows !== rows) {
        session.resize(terminal.cols, terminal.rows);
      }
      if (starting.typed !== '') session.write(starting.typed);
    } catch (error) {
      if (mine === current) over(words.failed(messageOf(error)));
    }
  };

  return {
    start,
    write(data) {
      if (state.kind === 'running') state.session.write(data);
      else if (state.kind === 'starting') state.typed += data;
      else if (data.includes('\r') && !gone) void start();
    },
    resize(columns, rows) {
      if (state.kind === 'running') state.session.resize(columns, rows);
    },
    async ready() {
      if (gone) return false;
      if (state.kind === 'off') await start();
      if (isOff(state)) return false;
      const silence = setTimeout(() => {
        spoke.resolve(state.kind === 'running');
      }, SILENT);
      return spoke.promise.finally(() => {
        clearTimeout(silence);
      });
    },
    end() {
      gone = true;
      current++;
      spoke.resolve(false);
      if (state.kind === 'running') state.session.close();
      state = { kind: 'off' };
    },
  };
}

/** Asked anew: while something was awaited, the state became another. */
function isOff(state: State): boolean {
  return state.kind === 'off';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
