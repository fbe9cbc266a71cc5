import { type Page, pathOf } from '../../i18n/href.ts';
import type { Language } from '../../i18n/languages.ts';

/**
 * Where a page's picture for link previews is: its own address below `/og/`. A lab shows its lesson's
 * kind of picture under its own name; the home page's is called `home`.
 */
export function pictureOf(lang: Language, page: Page): string {
  const place = pathOf(lang, page).replace(/^\/|\/$/g, '');
  return `/og/${place === '' ? 'home' : place === 'en' ? 'en/home' : place}.png`;
}
