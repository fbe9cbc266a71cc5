import { h } from '../dom/h.ts';
import type { DiffOptions, DiffView } from './panel.ts';
import { wordsIn } from './words.ts';

/** Shows what changed between two states of a file; what it needs for that is loaded then. */
export function mountDiff(
  element: HTMLElement,
  before: string,
  after: string,
  options: DiffOptions,
): DiffView {
  let remove: (() => void) | undefined;
  let gone = false;
  const words = wordsIn(options.lang);
  if (before === after) {
    const same = h('p', { class: 'ed-same' }, words.same);
    element.append(same);
    remove = () => {
      same.remove();
    };
  } else {
    void import('./diff.ts').then(async ({ drawDiff }) => {
      const drawn = await drawDiff(element, before, after, options);
      if (gone) drawn();
      else remove = drawn;
    });
  }
  return {
    dispose() {
      gone = true;
      remove?.();
    },
  };
}
