import type { Language } from '../i18n/languages.ts';
import { bar } from './bars.ts';
import type { DiffModel, DiffRow } from './diff.ts';
import { filesHtml } from './files-html.ts';
import { html, type Markup } from './html.ts';
import { instruction, type ListingRow } from './listing.ts';
import { phraseOf, sentenceOf, upperFirst, verdictOf, type Verdict } from './sentences.ts';
import { NARROW, sizeOf } from './size.ts';
import { WORDS } from './words.ts';

export interface RowContext {
  readonly model: DiffModel;
  readonly lang: Language;
  readonly id: string;
  /** Bytes of the heaviest row: a full bar. */
  readonly most: number;
}

export const MARKS: Readonly<Record<Verdict, string>> = {
  same: '=',
  changed: '~',
  base: '~',
  removed: '\u2212',
  added: '+',
  lower: '↓',
  higher: '↑',
};

/** How a row is coloured: by what happened, whichever of its places it is. */
export type Tone = DiffRow['kind'] | 'moved';

export function toneOf({ kind, twin }: DiffRow): Tone {
  return twin === undefined ? kind : 'moved';
}

/** Tones of which there is a striped kind. */
export const GHOSTS = ['removed', 'changed', 'moved'] as const;

/** What is gone from its place is drawn striped, in this tone. */
export function ghostOf(row: DiffRow, side: 'from' | 'to'): Tone | undefined {
  return side === 'from' && row.kind !== 'same' ? toneOf(row) : undefined;
}

/** The id of a row, from 1: what a link to it names. */
export function rowId(id: string, index: number): string {
  return `${id}-${index + 1}`;
}

/** What is seen of the change is short, since the row's other cells say the rest; what is heard is the whole sentence. */
export function rowHtml(context: RowContext, index: number): Markup {
  const { model, lang, id } = context;
  const row = model.rows[index];
  if (row === undefined) return html``;
  const verdict = verdictOf(model, index);
  const { verb, what, size } = phraseOf(model, index, lang);
  const moved = row.twin === undefined ? '' : ' moved';
  const flat = [row.from, row.to].every((one) => one === undefined || one.size === 0);
  return html`<tr id="${rowId(id, index)}" class="${row.kind}${moved}${flat ? ' flat' : ''}">
    <td class="say">
      <details>
        <summary>
          <span class="mark" aria-hidden="true">${MARKS[verdict]}</span
          ><span class="words"
            >${verb}<span class="unseen">: ${what}</span><span class="amount">${size}</span></span
          >
        </summary>
        <div class="more">
          <p class="sentence">${upperFirst(sentenceOf(model, index, lang))}.</p>
          ${panel(context, row, index)}
        </div>
      </details>
    </td>
    ${cells(context, row, 'from')}${cells(context, row, 'to')}
  </tr> `;
}

/** Number and unit apart: columns line up by both. */
export function tally(bytes: number, lang: Language): Markup {
  const { number, unit } = sizeOf(bytes, lang);
  return html`<span class="tally"
    ><span class="number">${number}</span>${NARROW}<span class="unit ${unit}">${unit}</span></span
  >`;
}

function cells({ lang, id, most }: RowContext, row: DiffRow, side: 'from' | 'to'): Markup {
  const one = row[side];
  if (one === undefined) {
    return html`<td class="${side} text none"></td>
      <td class="${side} size none"></td>`;
  }
  const ghost = ghostOf(row, side);
  const fill = ghost === undefined ? undefined : `${id}-${ghost}`;
  const size =
    one.layer === false
      ? html`<span class="nothing">${WORDS[lang].noLayer}</span>`
      : html`${bar(one.size, most, fill)}${tally(one.size, lang)}`;
  return html`<td class="${side} text"><code>${instruction(one.createdBy)}</code></td>
    <td class="${side} size">${size}</td>`;
}

function panel(context: RowContext, row: DiffRow, index: number): Markup {
  const { lang, id } = context;
  const text = WORDS[lang];
  const equal = row.kind === 'same' && row.from.createdBy === row.to.createdBy;
  const sides = (['from', 'to'] as const).flatMap((side) => {
    const one = row[side];
    // What is the same on both sides is said once; its files are, too.
    return one === undefined || (equal && side === 'from') ? [] : [sideHtml(context, one, side)];
  });
  const twin =
    row.twin !== undefined && html`<a href="#${rowId(id, row.twin)}">${text.otherPlace}</a>`;
  return html`<div class="both">${sides}</div>
    <p class="links">
      ${twin}<a class="permalink" href="#${rowId(id, index)}">${text.linkToRow}</a>
    </p>`;
}

function sideHtml({ model, lang }: RowContext, row: ListingRow, side: 'from' | 'to'): Markup {
  const words = WORDS[lang];
  const facts = [
    row.created,
    row.index === undefined ? undefined : words.layerNumber(row.index),
    row.line === undefined ? undefined : words.line(row.line),
    row.comment,
  ].flatMap((fact) => fact ?? []);
  return html`<div class="behind ${side}">
    <p class="name">${model[side].name}</p>
    <pre><code>${row.createdBy}</code></pre>
    ${facts.length > 0 && html`<p class="origin">${facts.join(' · ')}</p>`}${filesHtml(row, side, lang)}
  </div>`;
}
