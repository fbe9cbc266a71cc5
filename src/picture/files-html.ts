import type { Language } from '../i18n/languages.ts';
import { html, type Markup } from './html.ts';
import { type ListingRow, type RowFile, sizeOfRows } from './listing.ts';
import { sizeText } from './size.ts';
import { WORDS } from './words.ts';

/** As many as answer "what is in there": the heaviest. */
const MOST_FILES = 12;

/** The files behind a row; of a layer whose files can be asked for, the place where they go. */
export function filesHtml(row: ListingRow, side: 'from' | 'to', lang: Language): Markup {
  if (row.files !== undefined) return html`<div class="files">${fileList(row.files, lang)}</div>`;
  if (row.index === undefined) return html``;
  return html`<div class="files" data-side="${side}" data-layer="${row.index}"></div>`;
}

export function fileList(files: readonly RowFile[], lang: Language): Markup {
  const words = WORDS[lang];
  if (files.length === 0) return html`<p>${words.noFiles}</p>`;
  const heaviest = files.toSorted((a, b) => b.size - a.size);
  const rest = heaviest.slice(MOST_FILES);
  const items = heaviest
    .slice(0, MOST_FILES)
    .map(
      ({ path, size }) =>
        html`<li><code>${path}</code><span class="size">${sizeText(size, lang)}</span></li>`,
    );
  const more =
    rest.length > 0 &&
    html`<p>${words.moreFiles(rest.length, sizeText(sizeOfRows(rest), lang))}</p>`;
  return html`<p class="name">${words.files}</p>
    <ul>
      ${items}
    </ul>
    ${more}`;
}
