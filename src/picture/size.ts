import type { Language } from '../i18n/languages.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Between a number and its unit: they stay on one line. */
export const NARROW = '\u202f';

/** A number of bytes in two parts, since columns of them line up by both. */
export interface Size {
  readonly number: string;
  readonly unit: (typeof UNITS)[number];
}

/** Three digits and powers of ten, as `docker history` prints: `21.6` `MB`, in Portuguese `21,6`. */
export function sizeOf(bytes: number, lang: Language): Size {
  let value = bytes;
  let unit = 0;
  // 999.6 kB has three digits only as 1 MB.
  while (Number(value.toPrecision(3)) >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const number = unit === 0 ? String(value) : String(Number(value.toPrecision(3)));
  return { number: lang === 'pt-BR' ? number.replace('.', ',') : number, unit: UNITS[unit] ?? 'B' };
}

export function sizeText(bytes: number, lang: Language): string {
  const { number, unit } = sizeOf(bytes, lang);
  return `${number}${NARROW}${unit}`;
}

/** With its sign, `−` or `+`; zero has none. */
export function deltaText(bytes: number, lang: Language): string {
  const sign = bytes < 0 ? '\u2212' : bytes > 0 ? '+' : '';
  return sign + sizeText(Math.abs(bytes), lang);
}

/** How much of `whole` a part is, in whole percent; never 0 or 100 when it is not quite. */
export function percentText(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (part / whole) * 100;
  const rounded = Math.round(percent);
  if (rounded === 0 && part > 0) return `<${NARROW}1${NARROW}%`;
  if (rounded === 100 && part < whole) return `>${NARROW}99${NARROW}%`;
  return `${rounded}${NARROW}%`;
}

/** Bytes of a size as Docker prints it (`21.6MB`, `0B`); undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?(B|kB|MB|GB|TB)$/.exec(text.trim());
  if (match === null) return undefined;
  const power = UNITS.findIndex((unit) => unit === match[2]);
  return Math.round(Number(match[1]) * 1000 ** power);
}
