import { checkPages } from '../engine/dockerfile/check-pages.ts';
import type { Diagnostic } from '../engine/dockerfile/diagnostic.ts';
import type { Language } from '../i18n/languages.ts';
import { CHECKS_IN_PORTUGUESE, MISTAKES_IN_PORTUGUESE } from './explain-pt.ts';

/** A diagnostic in words for a learner. Docker's own sentence stays: that is what a search finds. */
export interface Explanation {
  /** What stands there; missing for mistakes that Docker's sentence says well enough. */
  readonly what?: string;
  readonly why?: string;
  readonly advice: string;
  /** Docker's page about it. */
  readonly url?: string;
}

export function explain(diagnostic: Diagnostic, lang: Language): Explanation {
  const { code, hint } = diagnostic;
  const page = checkPages.get(code);
  if (page) {
    const { url, advice } = page;
    const words = lang === 'en' ? { advice, ...englishOf(page.page) } : CHECKS_IN_PORTUGUESE[code];
    return { advice: hint, ...words, url };
  }
  const mistake = lang === 'en' ? undefined : MISTAKES_IN_PORTUGUESE[code];
  return { advice: mistake ?? hint };
}

/** Paragraphs of a check's page: its title, what it found, a heading, why that matters. */
function englishOf(page: string): { readonly what: string; readonly why: string } {
  const [, what = '', , why = ''] = page.split('\n\n');
  return { what, why };
}
