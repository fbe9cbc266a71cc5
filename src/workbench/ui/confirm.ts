import { h, inked } from '../../dom/h.ts';
import { button } from './button.ts';

/** A question that is worth stopping for. */
export interface Question {
  readonly title: string;
  /** What comes before the list, and the list. */
  readonly lostTitle?: string;
  readonly lost: readonly string[];
  readonly kept?: string;
  /** What the answer that goes ahead says. */
  readonly confirm: string;
  readonly cancel: string;
}

/** Asks in a dialog; Escape and Cancel are no. The focus goes back to where it was. */
export function confirm(host: HTMLElement, question: Question): Promise<boolean> {
  const { title, lostTitle, lost, kept } = question;
  return new Promise((resolve) => {
    const heading = h('h3', { id: 'wb-question', class: 'wb-question-title' }, title);
    const end = (answer: string): void => {
      dialog.close(answer);
    };
    const dialog = h(
      'dialog',
      {
        class: 'wb-dialog',
        'aria-labelledby': heading.id,
        'aria-describedby': 'wb-question-about',
      },
      heading,
      h(
        'div',
        { id: 'wb-question-about' },
        lostTitle !== undefined && h('p', {}, lostTitle),
        lostTitle === undefined
          ? h('p', {}, ...lost.flatMap((line) => inked(line)))
          : h('ul', {}, ...lost.map((line) => h('li', {}, ...inked(line)))),
        kept !== undefined && h('p', { class: 'wb-soft' }, ...inked(kept)),
      ),
      h(
        'div',
        { class: 'wb-actions' },
        button(question.cancel, () => {
          end('no');
        }),
        button(
          question.confirm,
          () => {
            end('yes');
          },
          { class: 'wb-button wb-danger' },
        ),
      ),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    host.append(dialog);
    dialog.showModal();
  });
}
