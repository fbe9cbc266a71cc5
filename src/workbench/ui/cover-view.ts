import { type Child, fill, h, inked } from '../../dom/h.ts';
import { button } from './button.ts';
import type { Cover, StartRow } from './startup.ts';
import type { Says, WorkbenchWords } from './words/index.ts';

export interface CoverActions {
  readonly start: () => void;
  readonly takeOver: () => void;
  /** Where one's own machine is explained. */
  readonly ownMachine: string;
}

/** What stands over the workbench while it cannot be used. */
export function drawCover(
  element: HTMLElement,
  cover: Cover,
  words: WorkbenchWords,
  actions: CoverActions,
): void {
  // Twice a second while it starts: what is the same must not be made anew under a screen reader.
  if (cover.kind === 'starting' && element.dataset['kind'] === 'starting') {
    updateRows(element, cover.rows, cover.seconds);
    return;
  }
  element.dataset['kind'] = cover.kind;
  fill(element, h('div', { class: 'wb-cover-card' }, ...contentOf(cover, words, actions)));
}

function contentOf(cover: Cover, words: WorkbenchWords, actions: CoverActions): readonly Child[] {
  switch (cover.kind) {
    case 'starting':
      return [
        heading(words.start.title),
        h('ol', { class: 'wb-stages' }, ...cover.rows.map(rowElement)),
        h('p', { class: 'wb-soft wb-seconds' }, cover.seconds),
      ];
    case 'elsewhere':
      return [
        heading(cover.says.message),
        ...paragraph(cover.says.hint),
        h('div', { class: 'wb-actions' }, primary(cover.takeOver, actions.takeOver)),
      ];
    case 'impossible':
      return [
        heading(cover.title),
        ...saysElements(cover.says),
        ...paragraph(cover.meanwhile),
        h(
          'div',
          { class: 'wb-actions' },
          h(
            'a',
            { class: 'wb-button wb-primary', href: actions.ownMachine },
            words.start.ownMachine,
          ),
        ),
      ];
    case 'failed':
      return [
        heading(cover.title),
        ...saysElements(cover.says),
        ...paragraph(cover.kept),
        h('div', { class: 'wb-actions' }, primary(words.tryAgain, actions.start)),
        detailElement(cover.error, words),
      ];
  }
}

/** Code and message of an error, for whoever reports it. */
export function detailElement(
  { code, message }: { readonly code: string; readonly message: string },
  words: WorkbenchWords,
): HTMLElement {
  return h(
    'details',
    { class: 'wb-detail' },
    h('summary', {}, words.detail),
    h('code', {}, `${code}: ${message}`),
  );
}

function rowElement(row: StartRow): HTMLElement {
  const element = h(
    'li',
    {},
    h('span', { class: 'wb-stage-label' }, row.label),
    h('span', { class: 'wb-stage-detail' }),
    h('progress', { class: 'wb-stage-bar', 'aria-label': row.label, max: 1 }),
  );
  updateRow(element, row);
  return element;
}

function updateRows(element: HTMLElement, rows: readonly StartRow[], seconds: string): void {
  const items = element.querySelectorAll('li');
  for (const [at, row] of rows.entries()) {
    const item = items[at];
    if (item) updateRow(item, row);
  }
  const clock = element.querySelector('.wb-seconds');
  if (clock) clock.textContent = seconds;
}

function updateRow(element: HTMLElement, { is, detail = '', share }: StartRow): void {
  element.dataset['is'] = is;
  if (is === 'now') element.setAttribute('aria-current', 'step');
  else element.removeAttribute('aria-current');
  const said = element.querySelector('.wb-stage-detail');
  if (said) said.textContent = detail;
  const bar = element.querySelector('progress');
  if (!bar) return;
  bar.hidden = is !== 'now';
  if (share === undefined) bar.removeAttribute('value');
  else bar.value = share;
}

function heading(text: string): HTMLElement {
  return h('h3', { class: 'wb-cover-title' }, text);
}

function primary(label: string, click: () => void): HTMLElement {
  return button(label, click, { class: 'wb-button wb-primary', 'data-focus': 'cover' });
}

function paragraph(text: string | undefined): readonly Child[] {
  return text === undefined ? [] : [h('p', {}, ...inked(text))];
}

function saysElements({ message, hint }: Says): readonly Child[] {
  return [...paragraph(message), ...paragraph(hint)];
}
