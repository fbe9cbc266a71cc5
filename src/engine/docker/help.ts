import type { CommandDefinition, FlagDefinition } from './command.ts';

/** Docker wraps its help for a terminal of 80 columns when there is none. */
const WIDTH = 79;
/** A last word may stand out by this much. */
const SLOP = 5;

/** What `docker COMMAND --help` prints: Docker's own layout, then examples. `path` is how it was called: `image ls`. */
export function commandHelp(command: CommandDefinition, path: string): string {
  const { aliases = [], examples } = command;
  const shown = command.flags.filter((flag) => flag.hidden !== true);
  const sections = [
    usageHead(command, path, command.description),
    ...(aliases.length > 0
      ? [`Aliases:\n  ${aliases.map((name) => `docker ${name}`).join(', ')}`]
      : []),
    ...(shown.length > 0 ? [`Options:\n${flagLines(shown)}`] : []),
    ...(examples.length > 0
      ? [`Examples:\n${examples.map((line) => `  ${line}`).join('\n')}`]
      : []),
  ];
  const head = command.plugin === undefined ? '' : `${command.summary}\n`;
  return `${head}\n${sections.join('\n\n')}\n`;
}

/** `Usage:  docker images …` and the summary, as messages about wrong arguments end. */
export function usageHead(
  command: CommandDefinition,
  path: string,
  about = command.summary,
): string {
  const usage = `docker ${path} ${command.usage}`.trimEnd();
  return `Usage:  ${usage}\n\n${about}`;
}

export interface ListedCommand {
  readonly name: string;
  readonly summary: string;
}

/** Names and summaries in two columns, as in Docker's lists of commands. */
export function commandLines(commands: readonly ListedCommand[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length), 11);
  return commands.map(({ name, summary }) => `  ${name.padEnd(width)} ${summary}`).join('\n');
}

/** pflag's list of flags, wrapped as pflag wraps. */
function flagLines(flags: readonly FlagDefinition[]): string {
  const sorted = flags.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const lines = sorted.map((flag) => {
    const dash = flag.short === undefined ? '      ' : `  -${flag.short}, `;
    const value = flag.value === undefined ? '' : ` ${flag.value}`;
    return { left: `${dash}--${flag.name}${value}`, right: flag.help + shownDefault(flag) };
  });
  const width = Math.max(...lines.map(({ left }) => left.length)) + 3;
  return lines.map(({ left, right }) => left.padEnd(width) + wrap(right, width)).join('\n');
}

function shownDefault({ value: type, default: value }: FlagDefinition): string {
  if (value === undefined || value === '' || value === 'false') return '';
  return type === 'string' ? ` (default ${JSON.stringify(value)})` : ` (default ${value})`;
}

/** As pflag does it: a break already there wins over the last space that fits. */
function wrap(text: string, indent: number): string {
  const width = WIDTH - indent - SLOP;
  const lines: string[] = [];
  let rest = text;
  while (rest !== '') {
    const [line, after] = cut(rest, width);
    lines.push(line);
    rest = after;
  }
  return lines.join('\n').replaceAll('\n', '\n' + ' '.repeat(indent));
}

function cut(text: string, width: number): readonly [line: string, rest: string] {
  if (width + SLOP > text.length) return [text, ''];
  const head = text.slice(0, width);
  const newline = head.lastIndexOf('\n');
  const end = Math.max(head.lastIndexOf(' '), newline);
  if (end <= 0) return [text, ''];
  const at = newline > 0 ? newline : end;
  return [text.slice(0, at), text.slice(at + 1)];
}
