/** The languages that everything for people is in, the original first. */
export const LANGUAGES = ['pt-BR', 'en'] as const;

/** As in `<html lang>`, and as labs and glossary name theirs. */
export type Language = (typeof LANGUAGES)[number];

export const ORIGINAL: Language = 'pt-BR';

/** The name of its files: `content/lessons/01-o-que-e/pt-br.mdx`. */
export function fileNameOf(lang: Language): 'pt-br' | 'en' {
  return lang === 'pt-BR' ? 'pt-br' : 'en';
}

export function otherLanguage(lang: Language): Language {
  return lang === 'pt-BR' ? 'en' : 'pt-BR';
}
