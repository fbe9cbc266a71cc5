import { type Child, fill, h } from '../../dom/h.ts';
import type { Language } from '../../i18n/languages.ts';
import { sizeText } from '../../picture/size.ts';
import type { ImageFile } from '../port.ts';
import { childrenOf, foldersAbove, normalPath, type TreeRow } from './file-tree-model.ts';
import type { WorkbenchWords } from './words/index.ts';

export interface FileTreeOptions {
  readonly lang: Language;
  readonly words: WorkbenchWords;
  readonly files: readonly ImageFile[];
}

export interface FileTree {
  /** Opens the folders on the way to a path, and moves the keyboard there. */
  reveal(path: string): void;
}

/** A folder with more than this shows the first, and how many there are besides. */
const MOST_ROWS = 400;

/** The files of an image or of a layer: what is in a folder is drawn when it is opened. */
export function drawFileTree(
  element: HTMLElement,
  { lang, words, files }: FileTreeOptions,
): FileTree {
  const opened = new Map<string, () => void>();
  const places = new Map<string, HTMLElement>();

  function listOf(folder: string): HTMLElement {
    const rows = childrenOf(files, folder);
    const rest = rows.length - MOST_ROWS;
    const items = rows.slice(0, MOST_ROWS).map((row) => h('li', {}, rowElement(row)));
    return h(
      'ul',
      { class: 'wb-tree' },
      ...items,
      rows.length === 0 && h('li', { class: 'wb-soft' }, words.images.emptyFolder),
      rest > 0 && h('li', { class: 'wb-soft' }, words.images.more(rest)),
    );
  }

  function rowElement(row: TreeRow): HTMLElement {
    return row.isFolder ? folderElement(row) : fileElement(row);
  }

  function folderElement({ name, path }: TreeRow): HTMLElement {
    const summary = h('summary', {}, h('span', { class: 'wb-path' }, `${name}/`));
    const details = h('details', {}, summary);
    const open = (): void => {
      if (details.childElementCount === 1) details.append(listOf(path));
      details.open = true;
    };
    details.addEventListener('toggle', () => {
      if (details.open) open();
    });
    opened.set(path, open);
    places.set(path, summary);
    return details;
  }

  function fileElement({ name, path, size, target, removes }: TreeRow): HTMLElement {
    const said: readonly Child[] = removes
      ? [
          h('del', { class: 'wb-path' }, name),
          h('span', { class: 'wb-soft' }, words.images.removed),
        ]
      : [
          h('span', { class: 'wb-path' }, target === undefined ? name : `${name} → ${target}`),
          target === undefined && h('span', { class: 'wb-size' }, sizeText(size, lang)),
        ];
    const element = h('span', { class: 'wb-file', tabindex: -1 }, ...said);
    places.set(path, element);
    return element;
  }

  fill(element, listOf(''));
  return {
    reveal(path) {
      for (const folder of foldersAbove(path)) opened.get(folder)?.();
      const place = places.get(normalPath(path));
      place?.classList.add('wb-here');
      place?.focus();
      place?.scrollIntoView({ block: 'nearest' });
    },
  };
}
