import type { Language } from '../../../verify/words.ts';
import { english } from './en.ts';
import { portuguese } from './pt-br.ts';
import type { WorkbenchWords } from './words.ts';

export type { ResetKind, Says, Stage, WorkbenchWords } from './words.ts';

export const wordsOf: Readonly<Record<Language, WorkbenchWords>> = {
  'pt-BR': portuguese,
  en: english,
};
