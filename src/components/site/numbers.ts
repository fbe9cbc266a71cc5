import type { Language } from '../../i18n/languages.ts';

/** Megabytes of 10⁶ bytes with three digits that count, as the language writes them: `79,1 MB`. */
export function megabytes(bytes: number, lang: Language): string {
  const size = bytes / 1e6;
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return `${decimal(size, lang, digits)} MB`;
}

function decimal(value: number, lang: Language, digits: number): string {
  return value.toLocaleString(lang, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
