import { bar } from './bars.ts';
import type { PictureOptions } from './diff-html.ts';
import { html, type Markup, slug } from './html.ts';
import { type Listing, type ListingRow, sizeOfRows } from './listing.ts';
import { sourceOf } from './sentences.ts';
import { sizeOf, sizeText } from './size.ts';
import { WORDS } from './words.ts';

/**
 * One history as Docker prints it, under Docker's own headings. Rows that made no layer step back,
 * and say why to who cannot see it.
 */
export function historyTableHtml(listing: Listing, { lang, id }: PictureOptions): string {
  const words = WORDS[lang];
  const name = id ?? `history-${slug(listing.name)}`;
  const { rows, title } = listing;
  const heaviest = Math.max(...rows.map(({ size }) => size), 0);
  const source = sourceOf(listing, lang);
  const notes = [
    listing.store === 'containerd' ? words.blocks : undefined,
    source === undefined ? undefined : `${words.source}: ${source}.`,
  ].flatMap((note) => note ?? []);
  const created = rows.some((row) => row.created !== undefined);
  const comment = rows.some((row) => row.comment !== undefined);
  return html`<figure class="picture history-table" id="${name}" data-lang="${lang}">
    <figcaption>
      <span class="name">${title ?? listing.name}</span
      ><span class="counts">${words.rows(rows.length)}, ${sizeText(sizeOfRows(rows), lang)}</span>
    </figcaption>
    <table>
      <caption class="unseen">
        ${words.historyOf(listing.name)}
      </caption>
      <thead>
        <tr>
          ${created && html`<th scope="col" class="created">CREATED</th>`}
          <th scope="col" class="by">CREATED BY</th>
          <th scope="col" class="size">SIZE</th>
          ${comment && html`<th scope="col" class="comment">COMMENT</th>`}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => rowHtml(row, { created, comment, heaviest, noLayer: words.noLayer }))}
      </tbody>
    </table>
    ${notes.length > 0 && html`<div class="notes">${notes.map((note) => html`<p>${note}</p>`)}</div>`}
  </figure>`.text;
}

interface Columns {
  readonly created: boolean;
  readonly comment: boolean;
  readonly heaviest: number;
  readonly noLayer: string;
}

function rowHtml(row: ListingRow, { created, comment, heaviest, noLayer }: Columns): Markup {
  const none = row.layer === false;
  // Docker's own figures have a point in every language: this is its output.
  const { number, unit } = sizeOf(row.size, 'en');
  const size = html`<span class="number">${number}</span><span class="unit ${unit}">${unit}</span>`;
  return html`<tr class="${none ? 'flat' : 'layer'}">
    ${created && html`<td class="created">${row.created ?? ''}</td>`}
    <td class="by">
      <code>${row.createdBy}</code>${none && html`<span class="unseen"> (${noLayer})</span>`}
    </td>
    <td class="size">${!none && bar(row.size, heaviest)}<span class="tally">${size}</span></td>
    ${comment && html`<td class="comment">${row.comment ?? ''}</td>`}
  </tr> `;
}
