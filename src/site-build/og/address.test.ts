import { expect, it } from 'vitest';
import { type Page, SINGLE_PAGES } from '../../i18n/href.ts';
import { LANGUAGES } from '../../i18n/languages.ts';
import { pictureOf } from './address.ts';

it('every page has a picture of its own, in each language', () => {
  const pages: readonly Page[] = [
    ...SINGLE_PAGES.map((name) => ({ name })),
    { name: 'lesson', slug: 'history' },
    { name: 'lab', slug: 'history' },
  ];
  const pictures = LANGUAGES.flatMap((lang) => pages.map((page) => pictureOf(lang, page)));
  expect(new Set(pictures).size).toBe(pictures.length);
  for (const picture of pictures) expect(picture).toMatch(/^\/og\/[a-z/-]+\.png$/);
  expect(pictures).toContain('/og/en/lessons/history.png');
});
