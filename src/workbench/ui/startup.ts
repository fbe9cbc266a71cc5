import { sizeText } from '../../picture/size.ts';
import type { Language } from '../../verify/words.ts';
import type { WorkbenchError, WorkbenchState } from '../port.ts';
import { secondsIn } from './amounts.ts';
import { troubleWords } from './trouble.ts';
import type { Says, Stage, WorkbenchWords } from './words/index.ts';

const STAGES: readonly Stage[] = ['code', 'loading', 'restoring', 'files'];

/** A part of the start: done, under way, or still to come. */
export interface StartRow {
  readonly label: string;
  readonly is: 'done' | 'now' | 'next';
  /** Bytes, where they are on their way. */
  readonly detail?: string;
  /** From 0 to 1, where it is known. */
  readonly share?: number;
}

/** What covers the workbench while it cannot be used; undefined when it can. */
export type Cover =
  | { readonly kind: 'starting'; readonly rows: readonly StartRow[]; readonly seconds: string }
  | { readonly kind: 'elsewhere'; readonly says: Says; readonly takeOver: string }
  | {
      readonly kind: 'impossible';
      readonly title: string;
      readonly says: Says;
      readonly meanwhile: string;
    }
  | {
      readonly kind: 'failed';
      readonly title: string;
      readonly says: Says;
      readonly kept: string;
      readonly error: WorkbenchError;
    };

export function coverOf(
  state: WorkbenchState,
  words: WorkbenchWords,
  lang: Language,
): Cover | undefined {
  const { start } = words;
  switch (state.kind) {
    case 'running':
      return undefined;
    case 'off':
      return {
        kind: 'starting',
        rows: rowsOf(undefined, words, lang),
        seconds: secondsIn(lang, 0),
      };
    case 'starting': {
      const seconds = secondsIn(lang, state.seconds);
      return { kind: 'starting', rows: rowsOf(state, words, lang), seconds };
    }
    case 'elsewhere':
      return { kind: 'elsewhere', says: start.elsewhere, takeOver: start.elsewhere.takeOver };
    case 'impossible': {
      const { title, meanwhile } = start.impossible;
      return { kind: 'impossible', title, meanwhile, says: start.missing[state.missing] };
    }
    case 'failed': {
      const { title, kept } = start.failed;
      const { error } = state;
      return { kind: 'failed', title, kept, error, says: troubleWords(error, words) };
    }
  }
}

function rowsOf(
  state: Extract<WorkbenchState, { readonly kind: 'starting' }> | undefined,
  words: WorkbenchWords,
  lang: Language,
): readonly StartRow[] {
  const now = state ? STAGES.indexOf(state.stage) : 0;
  return STAGES.map((stage, at) => {
    const label = words.start.stages[stage];
    if (at !== now) return { label, is: at < now ? 'done' : 'next' };
    return { label, is: 'now', ...(state && state.bytes > 0 && progressOf(state, words, lang)) };
  });
}

function progressOf(
  { bytes, total }: { readonly bytes: number; readonly total?: number },
  words: WorkbenchWords,
  lang: Language,
): Pick<StartRow, 'detail' | 'share'> {
  const all = total === undefined ? undefined : sizeText(total, lang);
  const detail = words.start.bytes(sizeText(bytes, lang), all);
  return total === undefined || total === 0
    ? { detail }
    : { detail, share: Math.min(1, bytes / total) };
}
