import './terminal.css';
import type { Language } from '../i18n/languages.ts';
import type { TerminalOptions, TerminalSession } from '../workbench/port.ts';
import { mountTerminal } from './index.ts';

// A page with the terminal and shells that only pretend, for e2e/terminal.test.ts.

interface Log {
  /** What each shell was given, in the order they were opened. */
  readonly typed: string[];
  readonly sizes: string[];
  readonly exits: ((code: number) => void)[];
  closed: number;
}

const log: Log = { typed: [], sizes: [], exits: [], closed: 0 };

/** Prints a prompt and echoes; a few lines are commands. */
function pretend(options: TerminalOptions): TerminalSession {
  const { columns, rows } = options;
  const mine = log.typed.push('') - 1;
  log.sizes.push(`${columns}x${rows}`);
  log.exits.push((code) => {
    options.onExit(code);
  });
  const print = (text: string): void => {
    options.onOutput(new TextEncoder().encode(text));
  };
  const answers: Readonly<Record<string, () => void>> = {
    many() {
      print(Array.from({ length: 6000 }, (_, line) => `line ${line + 1}\r\n`).join(''));
    },
    colours() {
      for (const at of Array.from({ length: 16 }).keys()) {
        const code = at < 8 ? 30 + at : 82 + at;
        print(`\u001b[${code}mcolour ${at}\u001b[0m \u001b[1;${code}mbold\u001b[0m\r\n`);
      }
    },
    links() {
      print('https://example.com/docs http://localhost:8080\r\n');
    },
    exit() {
      options.onExit(0);
    },
    vi() {
      print('\u001b[?1049h\u001b[2J\u001b[Hvi');
    },
    ':q'() {
      print('\u001b[?1049l');
    },
  };
  let line = '';
  print('$ ');
  return {
    write(data) {
      log.typed[mine] = (log.typed[mine] ?? '') + data;
      for (const key of data) {
        if (key === '\r') {
          print('\r\n');
          answers[line]?.();
          line = '';
          print('$ ');
        } else if (key === '\u0003') {
          line = '';
          print('^C\r\n$ ');
        } else if (key >= ' ') {
          line += key;
          print(key);
        }
      }
    },
    resize(newColumns, newRows) {
      log.sizes[mine] = `${newColumns}x${newRows}`;
    },
    close() {
      log.closed++;
    },
  };
}

const place = document.querySelector<HTMLElement>('#panel');
if (!place) throw new Error('the page has no panel');
const lang: Language = document.documentElement.lang === 'en' ? 'en' : 'pt-BR';
const panel = mountTerminal(place, { lang, open: async (options) => pretend(options) });
Object.assign(globalThis, { log, panel });
