import { type Page, pathOf, withBase } from '../i18n/href.ts';
import { LANGUAGES, ORIGINAL } from '../i18n/languages.ts';

/** The sitemap of some pages: every address with those of its translations. `site` and `base` as Astro has them. */
export function sitemap(
  pages: readonly Page[],
  { site, base }: { readonly site: URL; readonly base: string },
): string {
  const address = (lang: (typeof LANGUAGES)[number], page: Page): string =>
    new URL(withBase(pathOf(lang, page), base), site).href;
  const entries = pages.flatMap((page) => {
    const alternates = [
      ...LANGUAGES.map((lang) => [lang, address(lang, page)] as const),
      ['x-default', address(ORIGINAL, page)] as const,
    ]
      .map(([lang, url]) => `<xhtml:link rel="alternate" hreflang="${lang}" href="${url}"/>`)
      .join('');
    return LANGUAGES.map((lang) => `<url><loc>${address(lang, page)}</loc>${alternates}</url>\n`);
  });
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' +
    `${entries.join('')}</urlset>\n`
  );
}
