import type { Fence } from './mdx.ts';

/** A fence of commands that a lesson asks to run: ```` ```sh run exit=127 says="not found" ````. */
export interface Command {
  /** Sent to the terminal as it is; may be several lines. */
  readonly script: string;
  /** `own`: only with one's own Docker, or internet. */
  readonly where: 'here' | 'own';
  /** Exit code of the last command. */
  readonly exit: number;
  /** Fragments of what is printed. */
  readonly says: readonly string[];
  readonly line: number;
}

const WORD = /^(?:(run|own)|exit=(\d+)|says(\d?)="([^"]*)")(?:\s+|$)/;

/** A fence's command; undefined when it is no command; a string says what is wrong with it. */
export function parseCommand({ lang, meta, text, line }: Fence): Command | string | undefined {
  if (lang !== 'sh' || meta === '') return undefined;
  let where: Command['where'] | undefined;
  let exit = 0;
  const says: string[] = [];
  for (let rest = meta.trim(); rest !== '';) {
    const found = WORD.exec(rest);
    if (found === null) return `\`${rest}\` is nothing that a command says of itself`;
    const [whole, kind, code, , fragment] = found;
    if (kind !== undefined) where = kind === 'run' ? 'here' : 'own';
    if (code !== undefined) exit = Number(code);
    if (fragment !== undefined) says.push(fragment);
    rest = rest.slice(whole.length);
  }
  if (where === undefined) return 'it has an outcome and does not say whether it is `run` or `own`';
  return { script: text, where, exit, says, line };
}
