import { type Child, fill, h, inked } from '../../dom/h.ts';
import { detailElement } from './cover-view.ts';
import { type Notice, withNotice } from './notices.ts';
import { troubleWords } from './trouble.ts';
import type { WorkbenchWords } from './words/index.ts';

export interface NoticesView {
  readonly element: HTMLElement;
  readonly add: (notice: Notice) => void;
}

/** Notices below the workbench's bar, until they are dismissed; `announce` tells who cannot see them. */
export function noticesView(words: WorkbenchWords, announce: (text: string) => void): NoticesView {
  let notices: readonly Notice[] = [];
  const element = h('ul', { class: 'wb-notices', 'aria-label': words.notices.title, hidden: true });

  const draw = (): void => {
    element.hidden = notices.length === 0;
    fill(element, ...notices.map(noticeElement));
  };
  const dismiss = (notice: Notice): void => {
    notices = notices.filter((one) => one !== notice);
    draw();
    // The keyboard goes on where it was, not at the top of the page.
    element.querySelector<HTMLElement>('button')?.focus();
  };
  const noticeElement = (notice: Notice): HTMLElement =>
    h(
      'li',
      { class: 'wb-notice', 'data-kind': notice.kind },
      h('div', {}, ...contentOf(notice, words)),
      h(
        'button',
        {
          ...{ type: 'button', class: 'wb-dismiss', 'aria-label': words.notices.dismiss },
          click: () => {
            dismiss(notice);
          },
        },
        '×',
      ),
    );
  return {
    element,
    add(notice) {
      const before = notices;
      notices = withNotice(notices, notice);
      const added = notices.at(-1);
      draw();
      // The same host asked for again is no news.
      if (added && !before.some((one) => sameNotice(one, added))) {
        announce(plainText(added, words));
      }
    },
  };
}

function contentOf(notice: Notice, words: WorkbenchWords): readonly Child[] {
  switch (notice.kind) {
    case 'done':
      return [h('p', {}, ...inked(notice.text))];
    case 'lookup': {
      const { message, hint = '' } = words.notices.lookup(notice.names);
      return [h('p', {}, ...inked(message)), h('p', { class: 'wb-soft' }, ...inked(hint))];
    }
    case 'trouble': {
      const { message, hint } = troubleWords(notice.error, words);
      return [
        h('p', {}, ...inked(message)),
        hint !== undefined && h('p', { class: 'wb-soft' }, ...inked(hint)),
        detailElement(notice.error, words),
      ];
    }
  }
}

function plainText(notice: Notice, words: WorkbenchWords): string {
  const says =
    notice.kind === 'done'
      ? { message: notice.text }
      : notice.kind === 'lookup'
        ? words.notices.lookup(notice.names)
        : troubleWords(notice.error, words);
  return [says.message, 'hint' in says ? says.hint : undefined]
    .filter((part) => part !== undefined)
    .join(' ')
    .replaceAll('`', '');
}

function sameNotice(one: Notice, other: Notice): boolean {
  if (one.kind === 'lookup' && other.kind === 'lookup') {
    return one.names.join() === other.names.join();
  }
  return one === other;
}
