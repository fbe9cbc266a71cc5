import type { Language } from '../../../verify/words.ts';
import { english } from './en.ts';
import { portuguese } from './pt-br.ts';
import type { CommandWords } from './words.ts';

export const commandWords: Readonly<Record<Language, CommandWords>> = {
  'pt-BR': portuguese,
  en: english,
};
