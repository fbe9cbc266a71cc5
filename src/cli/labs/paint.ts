/** Colours, or the text as it is. */
export interface Paint {
  readonly on: boolean;
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

interface Painted {
  readonly isTTY?: boolean;
}

/** Colours on a terminal alone, never with NO_COLOR (https://no-color.org) or on a terminal that has none. */
export function paintFor(
  stream: Painted,
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const on = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const style = (open: number, close: number) => (text: string) =>
    on && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    on,
    bold: style(1, 22),
    dim: style(2, 22),
    green: style(32, 39),
    red: style(31, 39),
    yellow: style(33, 39),
    cyan: style(36, 39),
  };
}
