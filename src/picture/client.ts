import type { Language } from '../i18n/languages.ts';
import type { DiffModel } from './diff.ts';
import { fileList } from './files-html.ts';
import type { RowFile } from './listing.ts';
import { WORDS } from './words.ts';

export interface Behaviour {
  /** The files of a layer, lowest 0, asked for when its row is first opened. */
  readonly loadFiles?: (side: 'from' | 'to', layer: number) => Promise<readonly RowFile[]>;
}

/** Every history diff below an element that is not lively yet. */
export function enhanceAll(root: ParentNode): void {
  for (const figure of root.querySelectorAll<HTMLElement>('.history-diff:not([data-lively])')) {
    enhanceHistoryDiff(figure);
  }
}

/** Arrow keys between rows, links to rows, export: what a history diff needs a script for. */
export function enhanceHistoryDiff(figure: HTMLElement, { loadFiles }: Behaviour = {}): void {
  figure.dataset['lively'] = '';
  const lang: Language = figure.dataset['lang'] === 'en' ? 'en' : 'pt-BR';
  keepRoles(figure);
  const rows = [...figure.querySelectorAll<HTMLElement>('tbody summary')];
  followLinks(figure, rows, rove(rows));
  figure.addEventListener('click', (event) => {
    if (!(event.target instanceof HTMLElement)) return;
    const link = event.target.closest<HTMLAnchorElement>('a.permalink');
    const does = event.target.closest<HTMLElement>('button[data-do]')?.dataset['do'];
    // The link goes there as any link does; it is copied besides.
    if (link !== null) void say(figure, lang, () => copy(link.href));
    else if (does !== undefined) void say(figure, lang, () => run(does, figure, lang));
  });
  if (loadFiles !== undefined) loadWhenOpened(figure, lang, loadFiles);
  for (const tools of figure.querySelectorAll<HTMLElement>('.tools')) tools.hidden = false;
}

/** A table whose rows are laid out as grids is not a table any more in every browser: say that it is. */
function keepRoles(figure: HTMLElement): void {
  const roles = [
    ['table', 'table'],
    ['thead, tbody, tfoot', 'rowgroup'],
    ['tr', 'row'],
    ['td', 'cell'],
    ['th[scope=col]', 'columnheader'],
    ['th[scope=row]', 'rowheader'],
  ] as const;
  for (const [selector, role] of roles) {
    for (const element of figure.querySelectorAll(`table, table :is(${selector})`)) {
      if (element.matches(selector)) element.setAttribute('role', role);
    }
  }
}

/**
 * One stop for the Tab key; the arrow keys, Home and End go from row to row, right opens and left
 * closes. What it returns makes another row the stop.
 */
function rove(rows: readonly HTMLElement[]): (at: number) => void {
  const current = (at: number): void => {
    for (const [index, row] of rows.entries()) row.tabIndex = index === at ? 0 : -1;
  };
  current(0);
  for (const [index, row] of rows.entries()) {
    row.addEventListener('focus', () => {
      current(index);
    });
    row.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 };
      const details = row.closest('details');
      if (event.key in to) rows[to[event.key as keyof typeof to]]?.focus();
      else if (event.key === 'ArrowRight' && details !== null) details.open = true;
      else if (event.key === 'ArrowLeft' && details !== null) details.open = false;
      else return;
      event.preventDefault();
    });
  }
  return current;
}

/**
 * The row that the address names is open, and the stop for the Tab key; the browser scrolls to it and
 * marks it. Whoever follows a link to it has it in focus; a page that opens takes no focus.
 */
function followLinks(
  figure: HTMLElement,
  rows: readonly HTMLElement[],
  makeStop: (at: number) => void,
): void {
  const follow = (): HTMLElement | undefined => {
    const id = location.hash.slice(1);
    const at = rows.findIndex((one) => one.closest('tr')?.id === id);
    const details = rows[at]?.closest('details');
    if (!details) return undefined;
    details.open = true;
    makeStop(at);
    return rows[at];
  };
  addEventListener('hashchange', () => {
    if (figure.isConnected) follow()?.focus();
  });
  follow();
}

async function run(what: string, figure: HTMLElement, lang: Language): Promise<boolean> {
  if (what === 'link') {
    const open = figure.querySelector('tbody summary:focus, tbody tr:target')?.closest('tr');
    return copy(new URL(`#${(open ?? figure).id}`, location.href).href);
  }
  const { save } = await import('./export.ts');
  const model = parseModel(figure.querySelector('script.model')?.textContent ?? '');
  await save(what === 'png' ? 'png' : 'svg', figure, model, lang);
  return false;
}

function parseModel(text: string): DiffModel {
  return JSON.parse(text) as DiffModel;
}

async function copy(text: string): Promise<boolean> {
  await navigator.clipboard.writeText(text);
  return true;
}

/** What came of it is said where screen readers hear it: a copy cannot be seen. */
async function say(
  figure: HTMLElement,
  lang: Language,
  act: () => Promise<boolean>,
): Promise<void> {
  const said = figure.querySelector('.said');
  const words = WORDS[lang];
  const text = await act().then(
    (copied) => (copied ? words.copied : ''),
    () => words.failed,
  );
  if (said !== null) said.textContent = text;
}

function loadWhenOpened(
  figure: HTMLElement,
  lang: Language,
  load: NonNullable<Behaviour['loadFiles']>,
): void {
  // `toggle` does not bubble.
  figure.addEventListener(
    'toggle',
    (event) => {
      if (!(event.target instanceof HTMLDetailsElement) || !event.target.open) return;
      for (const place of event.target.querySelectorAll<HTMLElement>('.files[data-layer]')) {
        const side = place.dataset['side'] === 'from' ? 'from' : 'to';
        const layer = Number(place.dataset['layer']);
        // Asked for once, or again when it failed.
        delete place.dataset['layer'];
        load(side, layer).then(
          (files) => {
            place.innerHTML = fileList(files, lang).text;
          },
          () => {
            place.dataset['layer'] = String(layer);
            place.textContent = WORDS[lang].filesFailed;
          },
        );
      }
    },
    { capture: true },
  );
}
