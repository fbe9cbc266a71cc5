/** The sixteen colours that programs name by number, in xterm's own names. */
export interface Palette {
  readonly black: string;
  readonly red: string;
  readonly green: string;
  readonly yellow: string;
  readonly blue: string;
  readonly magenta: string;
  readonly cyan: string;
  readonly white: string;
  readonly brightBlack: string;
  readonly brightRed: string;
  readonly brightGreen: string;
  readonly brightYellow: string;
  readonly brightBlue: string;
  readonly brightMagenta: string;
  readonly brightCyan: string;
  readonly brightWhite: string;
}

/**
 * Every one is text that can be read on --code-bg (4.5:1), also black on dark and white on light:
 * programs use them as text far more often than as a ground, and where they are a ground, xterm
 * mends the text on it (`minimumContrastRatio`).
 */
export const LIGHT: Palette = {
  black: '#16201d',
  red: '#a82818',
  green: '#1d6636',
  yellow: '#7d5200',
  blue: '#2c5091',
  magenta: '#7a3d93',
  cyan: '#0b5a6b',
  white: '#5b6863',
  brightBlack: '#4f5d58',
  brightRed: '#b3311f',
  brightGreen: '#256f3e',
  brightYellow: '#875a06',
  brightBlue: '#365ca3',
  brightMagenta: '#86499f',
  brightCyan: '#126779',
  brightWhite: '#3a4642',
};

export const DARK: Palette = {
  black: '#8b9994',
  red: '#ff9f8f',
  green: '#7fcf97',
  yellow: '#e6b85c',
  blue: '#8fb0f2',
  magenta: '#d3a6ea',
  cyan: '#74cbdb',
  white: '#c9d3cf',
  brightBlack: '#a0ada8',
  brightRed: '#ffb8ab',
  brightGreen: '#9fe0b3',
  brightYellow: '#f2cc80',
  brightBlue: '#aec6f7',
  brightMagenta: '#e2c1f3',
  brightCyan: '#9cdde9',
  brightWhite: '#f4f8f6',
};
