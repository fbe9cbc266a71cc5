/** A theme's colours as a picture outside of the page needs them: resolved, by their names in tokens.css. */
export type Colours = Readonly<Record<ColourName, string>>;

export const COLOUR_NAMES = [
  'paper',
  'paper-2',
  'ink',
  'ink-soft',
  'line',
  'line-strong',
  'accent',
  'ok',
  'bad',
  'warn',
  'layer-1',
  'layer-2',
  'layer-3',
  'layer-4',
  'layer-5',
  'layer-6',
] as const;

export type ColourName = (typeof COLOUR_NAMES)[number];
