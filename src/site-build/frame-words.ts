import type { Language } from '../i18n/languages.ts';

/** What the frame of every page says. */
export interface FrameWords {
  readonly skip: string;
  readonly nav: string;
  readonly more: string;
  readonly lessons: string;
  readonly playground: string;
  readonly images: string;
  readonly glossary: string;
  readonly search: string;
  readonly machine: string;
  readonly instructors: string;
  readonly about: string;
  readonly home: string;
  /** The other language, in its own words. */
  readonly otherLanguage: string;
  readonly toDark: string;
  readonly toLight: string;
  readonly footer: string;
  readonly source: string;
}

export const FRAME: Readonly<Record<Language, FrameWords>> = {
  'pt-BR': {
    skip: 'Pular para o conteúdo',
    nav: 'Principal',
    more: 'Mais páginas',
    lessons: 'Lições',
    playground: 'Livre',
    images: 'Imagens',
    glossary: 'Glossário',
    search: 'Busca',
    machine: 'Na sua máquina',
    instructors: 'Para instrutores',
    about: 'Sobre',
    home: 'Sem Distro, página inicial',
    otherLanguage: 'English',
    toDark: 'Usar o tema escuro',
    toLight: 'Usar o tema claro',
    footer:
      'Tudo roda nesta aba: sem conta, sem servidor, e nada do que você faz aqui sai do seu navegador. Código sob licença MIT.',
    source: 'Código-fonte e licenças',
  },
  en: {
    skip: 'Skip to the content',
    nav: 'Main',
    more: 'More pages',
    lessons: 'Lessons',
    playground: 'Playground',
    images: 'Images',
    glossary: 'Glossary',
    search: 'Search',
    machine: 'On your machine',
    instructors: 'For instructors',
    about: 'About',
    home: 'Sem Distro, home page',
    otherLanguage: 'Português',
    toDark: 'Use the dark theme',
    toLight: 'Use the light theme',
    footer:
      'Everything runs in this tab: no account, no server, and nothing you do here leaves your browser. Code under the MIT licence.',
    source: 'Source code and licences',
  },
};
