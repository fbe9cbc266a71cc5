import type { Language } from '../../../i18n/languages.ts';
import type { StepCounts } from '../../../labs/steps.ts';

/** What is said of a live lab's steps; `backticks` become code. */
export interface StepWords {
  readonly list: string;
  readonly watching: string;
  readonly about: string;
  readonly counts: (counts: StepCounts) => string;
  readonly all: string;
  readonly allButSkipped: string;
  readonly status: Readonly<Record<'open' | 'now' | 'done' | 'skipped', string>>;
  readonly done: (title: string, left: number) => string;
  readonly trouble: string;
  readonly note: (note: string) => string;
  readonly skip: string;
  readonly whySkip: string;
  readonly confirmSkip: string;
  readonly cancel: string;
  readonly again: string;
}

const steps = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

export const stepWords: Readonly<Record<Language, StepWords>> = {
  'pt-BR': {
    list: 'Passos',
    watching: 'De olho nos seus contêineres: cada passo é confirmado assim que você o faz.',
    about: 'A ordem é sua. O que está feito fica feito, e você pode parar e voltar depois.',
    counts: ({ done, skipped, left }) =>
      [
        steps(done, 'passo feito', 'passos feitos'),
        ...(skipped > 0 ? [steps(skipped, 'pulado', 'pulados')] : []),
        ...(left > 0 ? [`${left === 1 ? 'falta' : 'faltam'} ${left}`] : []),
      ].join(', '),
    all: 'Todos os passos feitos. Parabéns!',
    allButSkipped: 'Não falta nenhum, menos o que você pulou.',
    status: { open: 'por fazer', now: 'olhando', done: 'feito', skipped: 'pulado' },
    done: (title, left) =>
      `Passo feito: ${title}. ${left === 0 ? 'Era o último.' : `${left === 1 ? 'Falta' : 'Faltam'} ${left}.`}`,
    trouble: 'Não deu para olhar desta vez. Tento de novo quando algo acontecer.',
    note: (note) => (note === '' ? 'Pulado, sem nota.' : `Pulado: ${note}`),
    skip: 'Pular este passo',
    whySkip: 'Por quê? Uma nota para você mesmo',
    confirmSkip: 'Pular',
    cancel: 'Não pular',
    again: 'Quero fazer este passo',
  },
  en: {
    list: 'Steps',
    watching: 'Watching your containers: each step is confirmed as soon as you do it.',
    about: 'The order is yours. What is done stays done, and you may stop and come back later.',
    counts: ({ done, skipped, left }) =>
      [
        steps(done, 'step done', 'steps done'),
        ...(skipped > 0 ? [`${skipped} skipped`] : []),
        ...(left > 0 ? [`${left} left`] : []),
      ].join(', '),
    all: 'All steps done. Well done!',
    allButSkipped: 'None is left but what you skipped.',
    status: { open: 'to do', now: 'looking', done: 'done', skipped: 'skipped' },
    done: (title, left) =>
      `Step done: ${title}. ${left === 0 ? 'It was the last.' : `${left} left.`}`,
    trouble: 'It could not be looked at this time. The next thing that happens is another try.',
    note: (note) => (note === '' ? 'Skipped, without a note.' : `Skipped: ${note}`),
    skip: 'Skip this step',
    whySkip: 'Why? A note to yourself',
    confirmSkip: 'Skip',
    cancel: 'Do not skip',
    again: 'I want to do this step',
  },
};
