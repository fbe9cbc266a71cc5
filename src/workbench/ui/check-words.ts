import type { Language } from '../../verify/words.ts';
import { secondsIn } from './amounts.ts';
import { type CheckState, countsOf, firstTrouble } from './check-state.ts';
import type { WorkbenchWords } from './words/index.ts';

export type Tone = 'ok' | 'bad' | 'warn' | 'calm';

/** What is said above the checks. */
export interface Verdict {
  readonly tone: Tone;
  readonly text: string;
  /** How many came to what, and in how many seconds. */
  readonly counts?: string;
}

/** From so many seconds on a run says how long it has been, and from so many why that may be. */
const SOME = 3;
const MANY = 20;

/** What is said while checks run, a second at a time: a build may be among them. */
export function elapsedOf(seconds: number, { check }: WorkbenchWords): string {
  if (seconds < SOME) return '';
  const elapsed = `${Math.floor(seconds)} s`;
  return seconds < MANY ? elapsed : `${elapsed} · ${check.patience}`;
}

export function verdictOf(state: CheckState, words: WorkbenchWords, lang: Language): Verdict {
  const { check } = words;
  switch (state.phase) {
    case 'idle':
      return { tone: 'calm', text: state.items.length === 0 ? check.none : check.notYet };
    case 'running': {
      const now = state.items.find(({ status }) => status === 'running');
      return { tone: 'calm', text: now ? check.checking(now.title[lang]) : check.again };
    }
    case 'stopped':
      return { tone: 'calm', text: check.stopped };
    case 'crashed':
      return { tone: 'warn', text: check.crashed };
    case 'done':
      return ended(state, words, lang);
  }
}

function ended(state: CheckState, { check }: WorkbenchWords, lang: Language): Verdict {
  const { report } = state;
  if (report === undefined || report.checks.length === 0) return { tone: 'calm', text: check.none };
  const counts = check.counts(countsOf(report.checks), secondsIn(lang, report.seconds));
  switch (report.status) {
    case 'pass':
      return { tone: 'ok', text: check.passed, counts };
    case 'fail':
      return { tone: 'bad', text: check.failed, counts };
    case 'broken':
      return { tone: 'warn', text: check.broken, counts };
  }
}

/** What a screen reader hears when a run is over: the verdict, and the first thing that is wrong. */
export function announcementOf(state: CheckState, words: WorkbenchWords, lang: Language): string {
  const { text, counts } = verdictOf(state, words, lang);
  const trouble = state.phase === 'done' ? firstTrouble(state) : undefined;
  const { status, labels } = words.check;
  return [
    counts === undefined ? text : `${text} ${counts}.`,
    trouble && `${trouble.title[lang]}: ${status[trouble.status]}.`,
    trouble?.found &&
      `${trouble.status === 'broken' ? labels.why : labels.found}: ${trouble.found[lang]}.`,
  ]
    .filter((part) => part !== undefined)
    .join(' ')
    .replaceAll('`', '');
}
