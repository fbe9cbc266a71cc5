import { curriculum } from '../curriculum/curriculum.ts';
import { type Page, SINGLE_PAGES } from '../i18n/href.ts';

/** Every page that the site has in each language: for the sitemap and the pictures of link previews. */
export async function allPages(): Promise<readonly Page[]> {
  const { lessons, labs } = await curriculum();
  return [
    ...SINGLE_PAGES.map((name) => ({ name })),
    ...lessons.map(({ slug }) => ({ name: 'lesson' as const, slug })),
    // The playground is a lab with a page of its own.
    ...[...labs.keys()]
      .filter((slug) => slug !== 'livre')
      .map((slug) => ({ name: 'lab' as const, slug })),
  ];
}
