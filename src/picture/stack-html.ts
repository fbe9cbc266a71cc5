import { bar, percent, stripes } from './bars.ts';
import type { PictureOptions } from './diff-html.ts';
import { tally } from './diff-row-html.ts';
import { html, type Markup, slug } from './html.ts';
import { sizeOfRows } from './listing.ts';
import { percentText, sizeText } from './size.ts';
import { type Band, bandsOf, isShared, placesOf, type StackModel } from './stack.ts';
import { WORDS, type Words } from './words.ts';

/**
 * An image as a core drilled out of the ground: slabs as high as their layers are heavy, each tied to
 * its name and size. Behind it, closed, the table that says the same of every layer.
 */
export function layerStackHtml(model: StackModel, { lang, id }: PictureOptions): string {
  const name = id ?? `layers-${slug(model.name)}`;
  const words = WORDS[lang];
  const total = sizeOfRows(model.layers);
  const bands = bandsOf(model).toReversed();
  const shared = bands.some((band) => band.shared);
  return html`<figure class="picture layer-stack" id="${name}" data-lang="${lang}">
    <figcaption>
      <span class="name">${model.name}</span
      ><span class="counts"
        >${sizeText(total, lang)} ${words.in} ${words.layers(model.layers.length)}</span
      >
    </figcaption>
    <svg class="defs" aria-hidden="true" focusable="false">
      <defs>${shared && stripes(`${name}-shared`, 'shared')}</defs>
    </svg>
    <div class="drawing" aria-hidden="true">
      <svg class="core" focusable="false">${slabs(bands, name)}</svg
      ><svg class="ties" focusable="false">${ties(bands)}</svg>
      <ol class="bands">
        ${bands.map((band) => bandHtml(band, words, lang))}
      </ol>
    </div>
    ${
      shared &&
      html`<p class="legend" aria-hidden="true">
        <svg class="swatch" focusable="false">
          <rect class="under" width="100%" height="100%" />
          <rect width="100%" height="100%" fill="url(#${name}-shared)" /></svg
        >${words.shared}
      </p>`
    }
    ${table(model, total, { lang, id: name })}
  </figure>`.text;
}

/** Slabs from the top down, with a seam of paper between them. */
function slabs(bands: readonly Band[], id: string): readonly Markup[] {
  return placesOf(bands).map(({ top, height }, index) => {
    const band = bands[index];
    const place = html`y="${percent(top, 1)}" width="100%" height="${percent(height, 1)}"`;
    const shared = band?.shared === true && html`<rect ${place} fill="url(#${id}-shared)" />`;
    const seam =
      index > 0 && html`<rect class="seam" y="${percent(top, 1)}" width="100%" height="1" />`;
    return html`<rect class="tone-${band?.tone}" ${place} />${shared}${seam}`;
  });
}

/** From the middle of a slab to the middle of its line of text; lines are equally high. */
function ties(bands: readonly Band[]): readonly Markup[] {
  return placesOf(bands).map(({ top, height }, index) => {
    const to = percent(index + 0.5, bands.length);
    return html`<line x1="0" y1="${percent(top + height / 2, 1)}" x2="100%" y2="${to}" />`;
  });
}

function bandHtml(
  { layers, size, tone }: Band,
  words: Words,
  lang: PictureOptions['lang'],
): Markup {
  const [only] = layers;
  const names = layers
    .map(({ label }) => label)
    .toReversed()
    .join(', ');
  const label =
    layers.length === 1
      ? html`<code>${only?.label ?? ''}</code>`
      : html`<span class="together">${words.together(layers.length)}</span> <code>${names}</code>`;
  return html`<li>
    <span class="dot"
      ><svg focusable="false"><rect class="tone-${tone}" width="100%" height="100%" /></svg></span
    ><span class="what">${label}</span>${tally(size, lang)}
  </li>`;
}

function table(model: StackModel, total: number, { lang }: PictureOptions): Markup {
  const words = WORDS[lang];
  const heaviest = Math.max(...model.layers.map(({ size }) => size), 0);
  const rows = model.layers.toReversed().map((layer, index) => {
    const also =
      isShared(layer) && html`<span class="also">${words.alsoIn(layer.sharedWith ?? [])}</span>`;
    return html`<tr>
      <td class="place">${model.layers.length - index}</td>
      <th scope="row"><code>${layer.label}</code>${also}</th>
      <td class="size">${bar(layer.size, heaviest)}${tally(layer.size, lang)}</td>
      <td class="part">${percentText(layer.size, total)}</td>
    </tr>`;
  });
  return html`<details class="as-table">
    <summary>${words.allLayers}</summary>
    <table>
      <caption>
        ${words.topFirst}
      </caption>
      <thead>
        <tr>
          <th scope="col"><span class="unseen">#</span></th>
          <th scope="col">${words.layer}</th>
          <th scope="col">${words.size}</th>
          <th scope="col">${words.part}</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
      <tfoot>
        <tr>
          <td></td>
          <th scope="row">${words.total}</th>
          <td class="size">${tally(total, lang)}</td>
          <td></td>
        </tr>
      </tfoot>
    </table>
  </details>`;
}
