import type { ISearchOptions, SearchAddon } from '@xterm/addon-search';
import { h } from '../dom/h.ts';
import { icon } from '../dom/icons.ts';
import type { SearchMarks } from './theme.ts';
import type { TerminalWords } from './words.ts';

/** Looks for text in the lines of one terminal. */
export interface SearchBar {
  readonly element: HTMLElement;
  /** Shows it with what is selected, and puts the cursor there. */
  open(selected: string): void;
  close(): void;
  /** Another terminal is looked through from now on; `fetch` is called when something is looked for. */
  look(fetch: () => Promise<SearchAddon>, marks: SearchMarks): void;
}

export function makeSearchBar(given: {
  readonly words: TerminalWords;
  /** It was closed by its user: the terminal gets the keyboard back. */
  onClose(): void;
}): SearchBar {
  const { words } = given;
  const input = h('input', {
    ...{ type: 'search', class: 'term-find-what', 'aria-label': words.find },
    ...{ placeholder: words.findWhat, autocomplete: 'off', autocapitalize: 'off' },
    ...{ spellcheck: 'false' },
  });
  const count = h('span', { class: 'term-find-count', role: 'status' });
  let fetch: (() => Promise<SearchAddon>) | undefined;
  let search: SearchAddon | undefined;
  let options: ISearchOptions = {};
  let results: { dispose(): void } | undefined;

  const find = (backwards: boolean, incremental = false): void => {
    if (input.value === '') {
      clear();
      return;
    }
    if (backwards) search?.findPrevious(input.value, options);
    else search?.findNext(input.value, { ...options, incremental });
  };

  const clear = (): void => {
    search?.clearDecorations();
    count.textContent = '';
  };

  /** Has what looks through the terminal that is in front, and finds what was typed meanwhile. */
  const prepare = async (): Promise<void> => {
    const asked = fetch;
    const found = await asked?.();
    // Another terminal may be in front by then.
    if (found === undefined || asked !== fetch || found === search) return;
    search = found;
    results = found.onDidChangeResults(({ resultIndex, resultCount }) => {
      count.textContent =
        input.value === '' || element.hidden ? '' : words.found(resultIndex + 1, resultCount);
    });
    if (!element.hidden) find(false, true);
  };

  const prepared = (): void => {
    prepare().catch(() => {
      count.textContent = words.cannotFind;
    });
  };

  const close = (): void => {
    element.hidden = true;
    clear();
  };

  const leave = (): void => {
    close();
    given.onClose();
  };

  const tool = (name: Parameters<typeof icon>[0], label: string, click: () => void): HTMLElement =>
    h(
      'button',
      { type: 'button', class: 'term-tool', 'aria-label': label, title: label, click },
      icon(name),
    );

  const element = h(
    'div',
    { class: 'term-find', role: 'search', hidden: true },
    input,
    count,
    tool('up', words.findPrevious, () => {
      find(true);
    }),
    tool('down', words.findNext, () => {
      find(false);
    }),
    tool('close', words.findClose, leave),
  );

  input.addEventListener('input', () => {
    find(false, true);
  });
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') leave();
    else if (event.key === 'Enter' && event.target === input) find(event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element,
    open(selected) {
      element.hidden = false;
      if (selected !== '' && !selected.includes('\n')) input.value = selected;
      input.focus();
      input.select();
      if (search) find(false, true);
      else prepared();
    },
    close,
    look(next, marks) {
      options = { decorations: marks };
      if (next === fetch) return;
      clear();
      results?.dispose();
      fetch = next;
      search = undefined;
      if (!element.hidden) prepared();
    },
  };
}
