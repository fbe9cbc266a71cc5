import type { Language } from '../i18n/languages.ts';
import { bar, percent, stripes } from './bars.ts';
import type { DiffModel, DiffSide } from './diff.ts';
import { ghostOf, GHOSTS, rowHtml, type RowContext, tally, toneOf } from './diff-row-html.ts';
import { html, Markup, slug } from './html.ts';
import { sourceOf, summaryOf } from './sentences.ts';
import { deltaText, sizeText } from './size.ts';
import { WORDS } from './words.ts';

export interface PictureOptions {
  readonly lang: Language;
  /** Starts the ids in it, and its links; made of the names when it is missing. */
  readonly id?: string;
}

/**
 * Two histories beside each other, a whole `<figure>`: a table, in which every row opens to what is
 * behind it. It reads and opens without a script; `client.ts` adds arrow keys, links and export.
 */
export function historyDiffHtml(model: DiffModel, { lang, id }: PictureOptions): string {
  const name = id ?? `diff-${slug(model.from.name)}-${slug(model.to.name)}`;
  const words = WORDS[lang];
  const { from, to } = model;
  const sizes = model.rows.flatMap((row) => [row.from?.size ?? 0, row.to?.size ?? 0]);
  const context: RowContext = { model, lang, id: name, most: Math.max(...sizes, 0) };
  const ghosts = GHOSTS.map((kind) => stripes(`${name}-${kind}`, kind));
  return html`<figure class="picture history-diff" id="${name}" data-lang="${lang}">
    <figcaption><p class="summary">${summaryOf(model, lang)}</p></figcaption>
    <svg class="defs" aria-hidden="true" focusable="false"><defs>${ghosts}</defs></svg>
    <div class="heads">${head(context, 'from')}${head(context, 'to')}</div>
    ${legend(context)}
    <table>
      <caption class="unseen">
        ${words.beside(from.name, to.name)}
      </caption>
      <thead>
        <tr>
          <th scope="col" class="say">${words.change}</th>
          ${columns(from, lang, 'from')}${columns(to, lang, 'to')}
        </tr>
      </thead>
      <tbody>
        ${model.rows.map((_, index) => rowHtml(context, index))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" class="say">
            <span class="mark" aria-hidden="true">Σ</span
            ><span class="unseen">${words.total}: ${deltaText(to.size - from.size, lang)}</span>
          </th>
          <td class="from text">${words.total}</td>
          <td class="from size">${tally(from.size, lang)}</td>
          <td class="to text" aria-hidden="true">${deltaText(to.size - from.size, lang)}</td>
          <td class="to size">${tally(to.size, lang)}</td>
        </tr>
      </tfoot>
    </table>
    ${notes(model, lang)}
    <div class="tools" hidden>
      <p class="keys">${words.keys}</p>
      <button type="button" data-do="link">${words.copyLink}</button
      ><button type="button" data-do="svg">${words.saveSvg}</button
      ><button type="button" data-do="png">${words.savePng}</button>
      <p class="said" role="status"></p>
    </div>
    <script type="application/json" class="model">
      ${json(model)}
    </script>
  </figure>`.text;
}

function columns({ name }: DiffSide, lang: Language, side: 'from' | 'to'): Markup {
  const { instruction, size } = WORDS[lang];
  return html`<th scope="col" class="${side} text">
      <span class="unseen">${name}: </span>${instruction}
    </th>
    <th scope="col" class="${side} size"><span class="unseen">${name}: </span>${size}</th>`;
}

/** A side's name, its weight, and the whole image as one slab, its base at the spine. */
function head({ model, lang, id }: RowContext, side: 'from' | 'to'): Markup {
  const { name, size, hidden } = model[side];
  const words = WORDS[lang];
  const most = Math.max(model.from.size, model.to.size);
  let left = 0;
  const slabs = model.rows.toReversed().flatMap((row) => {
    const part = row[side]?.size ?? 0;
    if (part === 0) return [];
    const ghost = ghostOf(row, side);
    const fill = ghost !== undefined && html` fill="url(#${id}-${ghost})"`;
    const slab = html`<rect
      class="${toneOf(row)}"
      x="${percent(left, most)}"
      width="${percent(part, most)}"
      height="100%"
      ${fill}
    />`;
    left += part;
    return [slab];
  });
  return html`<div class="head ${side}">
    <p class="name">${name}</p>
    <p class="total">${sizeText(size, lang)}</p>
    <p class="counts">
      ${countsOf(model, side, lang)}${hidden !== undefined && hidden > 0 && html`<br />${words.hidden(sizeText(hidden, lang))}`}
    </p>
    <svg class="whole" aria-hidden="true" focusable="false">${slabs}</svg>
  </div>`;
}

/** Of a recorded listing it is not known which rows are layers: only which have a size. */
export function countsOf(model: DiffModel, side: 'from' | 'to', lang: Language): string {
  const words = WORDS[lang];
  const { rows, layers } = model[side];
  if (!model.recorded) return `${words.rows(rows)}, ${words.layers(layers)}`;
  const sized = model.rows.filter((row) => (row[side]?.size ?? 0) > 0).length;
  return `${words.rows(rows)}, ${words.withSize(sized)}`;
}

function legend({ model, lang, id }: RowContext): Markup {
  const words = WORDS[lang].legend;
  const kinds = [
    ...(['removed', 'added', 'changed', 'same'] as const).filter((kind) =>
      model.rows.some((row) => row.kind === kind && row.twin === undefined),
    ),
    ...(model.rows.some(({ twin }) => twin !== undefined) ? (['moved'] as const) : []),
  ];
  const items = kinds.map((kind) => {
    const ghost = kind === 'added' || kind === 'same' ? undefined : `${id}-${kind}`;
    return html`<li class="${kind}">${bar(1, 1, ghost)}${words[kind]}</li>`;
  });
  return html`<ul class="legend" aria-hidden="true">
    ${items}
  </ul>`;
}

/** Where it is from, and by which ruler it was measured. */
function notes({ from, to }: DiffModel, lang: Language): Markup {
  const words = WORDS[lang];
  const sources = [sourceOf(from, lang), sourceOf(to, lang)].flatMap((source) =>
    source === undefined ? [] : [`${words.source}: ${source}.`],
  );
  const ruler =
    from.store !== to.store
      ? words.otherRuler
      : from.store === 'containerd'
        ? words.blocks
        : undefined;
  const lines = [ruler, ...new Set(sources)].flatMap((text) => text ?? []);
  if (lines.length === 0) return new Markup('');
  return html`<div class="notes">${lines.map((text) => html`<p>${text}</p>`)}</div>`;
}

/** As a script element may hold it: no end tag in it. */
function json(model: DiffModel): Markup {
  return new Markup(JSON.stringify(model).replaceAll('<', String.raw`\u003c`));
}
