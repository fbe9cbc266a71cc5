import type { Language } from '../../verify/words.ts';

/** `0.8 s`, from ten on without tenths. */
export function secondsIn(lang: Language, seconds: number): string {
  const text = seconds.toFixed(seconds < 9.95 ? 1 : 0);
  return `${lang === 'pt-BR' ? text.replace('.', ',') : text} s`;
}

/** Day and time of an ISO 8601 date, in the reader's own zone. */
export function dateIn(lang: Language, iso: string): string {
  const locale = lang === 'en' ? 'en-GB' : lang;
  return new Date(iso).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}
