import { LANGUAGES, type Language } from './languages.ts';

/** Every page there is: a name, or a name and the slug of one of many. */
export type Page =
  | { readonly name: keyof typeof NAMES }
  | { readonly name: 'lesson' | 'lab'; readonly slug: string };

/** The last part of an address, by language. */
const NAMES = {
  home: { 'pt-BR': '', en: '' },
  lessons: { 'pt-BR': 'licoes', en: 'lessons' },
  playground: { 'pt-BR': 'livre', en: 'playground' },
  images: { 'pt-BR': 'imagens', en: 'images' },
  glossary: { 'pt-BR': 'glossario', en: 'glossary' },
  machine: { 'pt-BR': 'sua-maquina', en: 'your-machine' },
  instructors: { 'pt-BR': 'instrutores', en: 'instructors' },
  about: { 'pt-BR': 'sobre', en: 'about' },
  search: { 'pt-BR': 'busca', en: 'search' },
} as const satisfies Record<string, Record<Language, string>>;

const FOLDERS = {
  lesson: NAMES.lessons,
  lab: { 'pt-BR': 'labs', en: 'labs' },
} as const;

/** Names of the pages that there is one of. */
export const SINGLE_PAGES = Object.keys(NAMES) as readonly (keyof typeof NAMES)[];

/**
 * The address of a page below the site's root, with a slash at both ends; `anchor` is an id on it. It
 * is the one place that knows them: `withBase` makes of one what a link needs.
 */
export function pathOf(lang: Language, page: Page, anchor?: string): string {
  const parts = 'slug' in page ? [FOLDERS[page.name][lang], page.slug] : [NAMES[page.name][lang]];
  const inLanguage = lang === 'pt-BR' ? parts : ['en', ...parts];
  const path = inLanguage.filter((part) => part !== '').join('/');
  return `/${path}${path === '' ? '' : '/'}${anchor === undefined ? '' : `#${anchor}`}`;
}

/** Below a base path such as `/` or `/semdistro/`: for what is no page, too (`/machine/machine.json`). */
export function withBase(path: string, base: string): string {
  return `${base.replace(/\/$/, '')}${path}`;
}

/** What a link to a page needs, on a site that may live below a base path. */
export function href(lang: Language, page: Page, anchor?: string): string {
  return withBase(pathOf(lang, page, anchor), import.meta.env.BASE_URL);
}

/** The page at an address without the base, and its language: the other way round. */
export function pageAt(
  path: string,
  slugs: { readonly lesson: readonly string[]; readonly lab: readonly string[] },
): { readonly lang: Language; readonly page: Page } | undefined {
  const clean = path.endsWith('/') ? path : `${path}/`;
  const pages: readonly Page[] = [
    ...SINGLE_PAGES.map((name) => ({ name })),
    ...slugs.lesson.map((slug) => ({ name: 'lesson' as const, slug })),
    ...slugs.lab.map((slug) => ({ name: 'lab' as const, slug })),
  ];
  for (const lang of LANGUAGES) {
    const page = pages.find((one) => pathOf(lang, one) === clean);
    if (page !== undefined) return { lang, page };
  }
  return undefined;
}

/** The language of an address, the base of the site at its beginning: components in a lesson's text ask. */
export function languageAt(pathname: string): Language {
  const base = import.meta.env.BASE_URL.replace(/\/$/, '');
  const path = pathname.startsWith(base) ? pathname.slice(base.length) : pathname;
  return /^\/en(?:\/|$)/.test(path) ? 'en' : 'pt-BR';
}
