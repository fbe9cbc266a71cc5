import type { Language } from '../i18n/languages.ts';
import type { ColourName } from './colours.ts';
import { html } from './html.ts';
import { sizeOfRows } from './listing.ts';
import { sizeText } from './size.ts';
import { bandsOf, placesOf, type StackModel } from './stack.ts';
import { fitted, line, rect, stripedFill, svgDocument, type SvgOptions, text } from './svg.ts';
import { WORDS } from './words.ts';

export interface StackSvgOptions extends SvgOptions {
  readonly lang: Language;
}

const WIDTH = 800;
const MARGIN = 32;
const CORE = 170;
const ROW = 30;
const TOP = 84;

/** The layer stack as one picture for elsewhere: 800 pixels wide, as high as it has bands. */
export function layerStackSvg(model: StackModel, options: StackSvgOptions): string {
  const { lang, colours } = options;
  const words = WORDS[lang];
  const bands = bandsOf(model).toReversed();
  const height = bands.length * ROW;
  const total = sizeText(sizeOfRows(model.layers), lang);
  const counts = `${total} ${words.in} ${words.layers(model.layers.length)}`;
  const places = placesOf(bands);
  const rows = bands.flatMap(({ layers, size, tone, shared }, index) => {
    const place = places[index] ?? { top: 0, height: 0 };
    const colour = colours[`layer-${tone}` as ColourName];
    const [y, tall] = [TOP + place.top * height, Math.max(1, place.height * height - 1)];
    const middle = TOP + (index + 0.5) * ROW;
    const names = layers.map(({ label }) => label).toReversed();
    const label =
      names.length === 1 ? names.join() : `${words.together(names.length)}: ${names.join(', ')}`;
    const left = MARGIN + CORE + 52;
    return [
      rect(MARGIN, y, CORE, tall, colour),
      ...(shared
        ? [html`<g opacity="0.32">${rect(MARGIN, y, CORE, tall, 'url(#shared)')}</g>`]
        : []),
      line([MARGIN + CORE + 2, y + tall / 2], [left - 8, middle], colours['line-strong']),
      rect(left, middle - 5, 10, 10, colour),
      text(left + 20, middle + 5, fitted(label, WIDTH - MARGIN - left - 130, 14), {
        fill: colours.ink,
        size: 14,
        font: 'code',
      }),
      text(WIDTH - MARGIN, middle + 5, sizeText(size, lang), { fill: colours.ink, anchor: 'end' }),
    ];
  });
  return svgDocument(
    {
      width: WIDTH,
      height: TOP + height + MARGIN,
      title: `${words.stackOf(model.name)}: ${counts}`,
    },
    options,
    html`<defs>${stripedFill('shared', colours.paper, 'none')}</defs>`,
    text(MARGIN, 50, model.name, { fill: colours.ink, size: 18, weight: 600 }),
    text(WIDTH - MARGIN, 50, counts, { fill: colours['ink-soft'], anchor: 'end' }),
    ...rows,
  );
}
