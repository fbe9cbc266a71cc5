/** The workshop's languages; Portuguese is the original. */
export const LANGUAGES = ['pt-BR', 'en'] as const;

export type Language = (typeof LANGUAGES)[number];

/** One sentence or phrase, in every language. Names, paths and values in it are in `backticks`. */
export type Words = Readonly<Record<Language, string>>;

/** The same in every language: a path, a value, what a program printed. */
export function verbatim(text: string): Words {
  return { 'pt-BR': text, en: text };
}

/** A sentence in both languages, the original first. */
export function words(ptBR: string, en: string): Words {
  return { 'pt-BR': ptBR, en };
}
