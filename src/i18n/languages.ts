import { LANGUAGES, type Language } from '../verify/words.ts';

export { LANGUAGES, type Language };

export const ORIGINAL: Language = 'pt-BR';

/** The name of a lesson's files: `content/lessons/01-o-que-e/pt-br.mdx`. */
export function fileNameOf(lang: Language): 'pt-br' | 'en' {
  return lang === 'pt-BR' ? 'pt-br' : 'en';
}

export function otherLanguage(lang: Language): Language {
  return lang === 'pt-BR' ? 'en' : 'pt-BR';
}
