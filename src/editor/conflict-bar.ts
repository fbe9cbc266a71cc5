import { h } from '../dom/h.ts';
import type { Language } from '../i18n/languages.ts';
import type { FileDesk } from './desk.ts';
import { mountDiff } from './mount-diff.ts';
import type { DiffView } from './panel.ts';
import type { EditorWords } from './words.ts';

/** Over the code of a file that was changed or removed behind its back: what to do about it. */
export interface ConflictBar {
  readonly element: HTMLElement;
  /** Shows the conflict of the file shown, or nothing. */
  draw(): void;
  dispose(): void;
}

export function makeConflictBar(given: {
  readonly words: EditorWords;
  readonly lang: Language;
  readonly desk: FileDesk;
  /** Reads the tree of files again. */
  list(): Promise<unknown>;
  onAnswered(): void;
  readonly onTrouble: (error: unknown) => void;
}): ConflictBar {
  const { words, lang, desk, onTrouble } = given;
  const element = h('div', { class: 'ed-conflict', role: 'alert', hidden: true });
  let shown: FileDesk['conflict'];
  let comparison: DiffView | undefined;

  const close = (): void => {
    comparison?.dispose();
    comparison = undefined;
  };

  const answers = (found: NonNullable<FileDesk['conflict']>): readonly HTMLElement[] => {
    const gone = found.kind === 'removed';
    const keep = answer(gone ? words.writeAgain : words.keepMine, () => {
      void desk
        .keepMine()
        .then(() => given.list())
        .catch(onTrouble);
      given.onAnswered();
    });
    const other = answer(gone ? words.closeFile : words.takeTheirs, () => {
      if (gone && desk.path !== undefined) desk.forget(desk.path);
      else desk.takeTheirs();
      given.onAnswered();
    });
    const place = h('div', { class: 'ed-compare' });
    const compare =
      found.kind === 'changed' &&
      answer(words.compare, () => {
        const wasOpen = comparison !== undefined;
        close();
        const path = desk.path ?? '';
        if (!wasOpen) comparison = mountDiff(place, found.text, desk.text, { lang, path });
      });
    return [
      h('p', {}, gone ? words.gone : words.conflict),
      h('div', { class: 'ed-answers' }, keep, other, compare),
      place,
    ];
  };

  return {
    element,
    draw() {
      const found = desk.conflict;
      if (found === shown) return;
      shown = found;
      close();
      element.hidden = found === undefined;
      element.replaceChildren(...(found ? answers(found) : []));
    },
    dispose: close,
  };
}

function answer(label: string, click: () => void): HTMLElement {
  return h('button', { type: 'button', class: 'ed-button', click }, label);
}
