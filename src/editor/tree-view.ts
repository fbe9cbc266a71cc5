import { h } from '../dom/h.ts';
import { icon } from '../dom/icons.ts';
import { type TreeEntry, type TreeRow, treeRows } from './file-tree-model.ts';
import type { EditorWords } from './words.ts';

/** The tree of files, with the keys that trees have. */
export interface TreeView {
  readonly element: HTMLElement;
  /** The row that keys act on; empty for the workspace itself. */
  readonly current: string;
  show(entries: readonly TreeEntry[]): void;
  /** Marks a file as the open one, opens the directories above it, and goes there. */
  reveal(path: string): void;
  /** Draws marks again: what is unsaved, what can be edited. */
  redraw(): void;
  focus(): void;
}

export interface TreeGiven {
  readonly words: EditorWords;
  isUnsaved(path: string): boolean;
  isEditable(path: string): boolean;
  onOpen(path: string): void;
  onRename(path: string): void;
  onRemove(path: string): void;
}

const pathOf = (item: Element): string => item.getAttribute('data-path') ?? '';

export function makeTree(given: TreeGiven): TreeView {
  const { words } = given;
  const element = h('ul', { class: 'ed-tree', role: 'tree', 'aria-label': words.files });
  const closed = new Set<string>();
  let entries: readonly TreeEntry[] = [];
  let rows: readonly TreeRow[] = [];
  let current = '';
  let shown = '';

  const line = (row: TreeRow): HTMLElement => {
    const { path, name, kind, level, expanded } = row;
    const readOnly = kind === 'file' && !given.isEditable(path);
    const unsaved = kind === 'file' && given.isUnsaved(path);
    const marks = [readOnly && words.readOnly, unsaved && words.unsaved].filter(Boolean);
    const item = h(
      'li',
      {
        ...{ role: 'treeitem', class: `ed-row ed-row-${kind}`, 'data-path': path },
        ...{ 'aria-level': level, 'aria-posinset': row.position, 'aria-setsize': row.siblings },
        ...{ tabindex: path === current ? 0 : -1, 'aria-selected': String(path === shown) },
        'aria-expanded': expanded === undefined ? undefined : String(expanded),
        'aria-label': [name, ...marks].join(', '),
        title: readOnly ? words.readOnlyWhy : undefined,
      },
      kind === 'dir' ? icon(expanded === true ? 'down' : 'right') : h('span', { class: 'ed-gap' }),
      h('span', { class: 'ed-name' }, name),
      readOnly && icon('lock'),
      unsaved && h('span', { class: 'ed-dot', 'aria-hidden': 'true' }),
    );
    item.style.setProperty('--level', String(level));
    return item;
  };

  const draw = (): void => {
    const focused = element.contains(document.activeElement);
    rows = treeRows(entries, closed);
    if (!rows.some(({ path }) => path === current)) current = rows[0]?.path ?? '';
    const lines = rows.map(line);
    const before = [...element.children];
    if (before.map(pathOf).join('\n') !== lines.map(pathOf).join('\n')) {
      element.replaceChildren(...lines);
    } else {
      // A row that stays must stay the same element: a click may have begun on it.
      for (const [at, item] of lines.entries()) {
        if (before[at]?.outerHTML !== item.outerHTML) before[at]?.replaceWith(item);
      }
    }
    if (focused) focus();
  };

  const focus = (): void => {
    element.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  };

  const go = (row: TreeRow | undefined): void => {
    if (!row) return;
    current = row.path;
    draw();
    focus();
  };

  const toggle = (path: string, open: boolean): void => {
    if (open) closed.delete(path);
    else closed.add(path);
    draw();
  };

  const act = (row: TreeRow): void => {
    if (row.kind === 'file') given.onOpen(row.path);
    else toggle(row.path, row.expanded !== true);
  };

  const onKey = (event: KeyboardEvent): boolean => {
    const at = rows.findIndex(({ path }) => path === current);
    const row = rows[at];
    if (!row || event.ctrlKey || event.altKey || event.metaKey) return false;
    const parent = rows.slice(0, at).findLast(({ level }) => level === row.level - 1);
    if (event.key === 'ArrowDown') go(rows[at + 1]);
    else if (event.key === 'ArrowUp') go(rows[at - 1]);
    else if (event.key === 'Home') go(rows[0]);
    else if (event.key === 'End') go(rows.at(-1));
    else if (event.key === 'ArrowRight' && row.expanded === false) toggle(row.path, true);
    else if (event.key === 'ArrowRight' && row.expanded === true) go(rows[at + 1]);
    else if (event.key === 'ArrowLeft' && row.expanded === true) toggle(row.path, false);
    else if (event.key === 'ArrowLeft') go(parent);
    else if (event.key === 'Enter' || event.key === ' ') act(row);
    else if (event.key === 'F2') given.onRename(row.path);
    else if (event.key === 'Delete') given.onRemove(row.path);
    else if (/^\p{L}|^\p{N}/u.test(event.key) && event.key.length === 1) {
      const key = event.key.toLowerCase();
      const after = [...rows.slice(at + 1), ...rows.slice(0, at)];
      go(after.find(({ name }) => name.toLowerCase().startsWith(key)));
    } else return false;
    return true;
  };

  element.addEventListener('keydown', (event) => {
    if (onKey(event)) event.preventDefault();
  });
  // However it came there, by Tab or by a screen reader: keys act on the row that has the focus.
  element.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement) || pathOf(target) === '') return;
    current = pathOf(target);
    for (const item of element.children) {
      item.setAttribute('tabindex', pathOf(item) === current ? '0' : '-1');
    }
  });
  element.addEventListener('click', (event) => {
    const { target } = event;
    const item = target instanceof Element ? target.closest<HTMLElement>('[data-path]') : null;
    const row = rows.find(({ path }) => path === item?.dataset['path']);
    if (!row) return;
    go(row);
    act(row);
  });

  return {
    element,
    get current() {
      return current;
    },
    show(next) {
      entries = next;
      draw();
    },
    reveal(path) {
      shown = path;
      current = path;
      for (const folder of closed) if (path.startsWith(`${folder}/`)) closed.delete(folder);
      draw();
    },
    redraw: draw,
    focus,
  };
}
