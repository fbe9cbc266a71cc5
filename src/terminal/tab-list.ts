import { h } from '../dom/h.ts';
import type { TerminalWords } from './words.ts';

/** The row of tabs: arrow keys, Home and End choose, Delete closes, as the pattern for tabs has it. */
export interface TabList {
  readonly element: HTMLElement;
  /** Draws one tab per number, in their order, and marks the active one. */
  show(
    tabs: readonly { readonly number: number; readonly panel: HTMLElement }[],
    active: number,
  ): void;
  focus(): void;
}

export function makeTabList(given: {
  readonly id: string;
  readonly words: TerminalWords;
  onChoose(number: number): void;
  onClose(number: number): void;
}): TabList {
  const { id, words } = given;
  const element = h('div', { class: 'term-tabs', role: 'tablist', 'aria-label': words.tabs });
  let numbers: readonly number[] = [];
  let chosen = 0;

  const focus = (): void => {
    element.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  };

  const choose = (number: number | undefined): void => {
    if (number === undefined) return;
    given.onChoose(number);
    focus();
  };

  element.addEventListener('keydown', (event) => {
    const at = numbers.indexOf(chosen);
    const { length } = numbers;
    if (event.key === 'ArrowRight') choose(numbers[(at + 1) % length]);
    else if (event.key === 'ArrowLeft') choose(numbers[(at - 1 + length) % length]);
    else if (event.key === 'Home') choose(numbers[0]);
    else if (event.key === 'End') choose(numbers.at(-1));
    else if (event.key === 'Delete') given.onClose(chosen);
    else return;
    event.preventDefault();
  });

  return {
    element,
    focus,
    show(tabs, active) {
      const focused = element.contains(document.activeElement);
      numbers = tabs.map(({ number }) => number);
      chosen = active;
      element.replaceChildren(
        ...tabs.map(({ number, panel }) => {
          const tab = `${id}-tab-${number}`;
          panel.id = `${id}-screen-${number}`;
          panel.setAttribute('aria-labelledby', tab);
          panel.hidden = number !== active;
          return h(
            'button',
            {
              ...{ id: tab, type: 'button', role: 'tab', class: 'term-tab' },
              ...{ 'aria-selected': String(number === active), 'aria-controls': panel.id },
              ...{ 'aria-label': `${words.tab} ${number}`, tabindex: number === active ? 0 : -1 },
              click: () => {
                given.onChoose(number);
              },
            },
            h('span', { class: 'term-tab-word' }, `${words.tab} `),
            String(number),
          );
        }),
      );
      if (focused) focus();
    },
  };
}
