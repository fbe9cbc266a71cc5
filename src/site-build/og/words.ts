import { curriculum } from '../../curriculum/curriculum.ts';
import { FRAME } from '../frame-words.ts';
import type { Page } from '../../i18n/href.ts';
import type { Language } from '../../i18n/languages.ts';

/** What a page's picture for link previews says. */
export interface PictureWords {
  readonly kicker: string;
  readonly title: string;
}

const HOME: Readonly<Record<Language, PictureWords>> = {
  'pt-BR': { kicker: 'Oficina de imagens distroless', title: 'Tire a distro. Fica o programa.' },
  en: {
    kicker: 'A workshop on distroless images',
    title: 'Take out the distro. Keep the program.',
  },
};

const KINDS: Readonly<Record<Language, { readonly lesson: string; readonly lab: string }>> = {
  'pt-BR': { lesson: 'Lição', lab: 'Laboratório' },
  en: { lesson: 'Lesson', lab: 'Lab' },
};

export async function pictureWords(lang: Language, page: Page): Promise<PictureWords> {
  if (page.name === 'home') return HOME[lang];
  const { lessons, labs } = await curriculum();
  if (page.name === 'lesson') {
    const lesson = lessons.find(({ slug }) => slug === page.slug);
    if (lesson === undefined) throw new Error(`no lesson ${page.slug}`);
    const { question } = lesson.texts[lang].frontmatter;
    return { kicker: `${KINDS[lang].lesson} ${lesson.number}`, title: question };
  }
  if (page.name === 'lab') {
    const lab = labs.get(page.slug);
    if (lab === undefined) throw new Error(`no lab ${page.slug}`);
    return { kicker: KINDS[lang].lab, title: lab.manifest.title[lang] };
  }
  return { kicker: HOME[lang].kicker, title: FRAME[lang][page.name] };
}
