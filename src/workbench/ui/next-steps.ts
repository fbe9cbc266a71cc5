import { type Child, h } from '../../dom/h.ts';
import type { Language, Words } from '../../verify/words.ts';
import type { Parts } from './parts.ts';
import type { WorkbenchWords } from './words/index.ts';

/** Where to go after a lab, in the order of the workshop. */
export interface NextStep {
  readonly kind: 'lab' | 'lesson';
  readonly slug: string;
  readonly title: Words;
}

/** Links to what comes next, and back to the lab's own lesson. */
export function nextLinks(
  steps: readonly NextStep[],
  lesson: { readonly number: number; readonly slug: string } | undefined,
  {
    words,
    lang,
    address,
  }: Pick<Parts, 'address'> & {
    readonly words: WorkbenchWords;
    readonly lang: Language;
  },
): readonly Child[] {
  const { nextLab, nextLesson, backToLesson, allLessons } = words.progress;
  return [
    ...steps.map(({ kind, slug, title }) =>
      link(
        address({ name: kind, slug }),
        (kind === 'lab' ? nextLab : nextLesson)(title[lang]),
        'wb-button wb-primary',
      ),
    ),
    lesson && link(address({ name: 'lesson', slug: lesson.slug }), backToLesson(lesson.number)),
    steps.length === 0 && link(address({ name: 'lessons' }), allLessons),
  ];
}

function link(target: string, text: string, look = 'wb-button wb-quiet'): HTMLElement {
  return h('a', { class: look, href: target }, text);
}
