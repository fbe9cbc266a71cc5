import type { Words } from '../../verify/words.ts';

/** Portuguese first: it is the original. */
export function both(portuguese: string, english: string): Words {
  return { 'pt-BR': portuguese, en: english };
}
