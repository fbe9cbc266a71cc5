import type { Language } from '../i18n/languages.ts';
import type { Colours } from './colours.ts';
import type { DiffModel, DiffRow } from './diff.ts';
import { countsOf } from './diff-html.ts';
import { ghostOf, GHOSTS, MARKS, type Tone, toneOf } from './diff-row-html.ts';
import { html, type Markup } from './html.ts';
import { instruction, type ListingRow } from './listing.ts';
import { phraseOf, sourceOf, summaryOf, verdictOf } from './sentences.ts';
import { deltaText, sizeOf, sizeText } from './size.ts';
import {
  fitted,
  line,
  rect,
  stripedFill,
  svgDocument,
  type SvgOptions,
  text,
  type TextStyle,
} from './svg.ts';
import { WORDS } from './words.ts';

export interface DiffSvgOptions extends SvgOptions {
  readonly lang: Language;
}

const WIDTH = 1200;
const MARGIN = 40;
const SPINE = WIDTH / 2;
/** From the spine: where bars begin, how long the longest is, where numbers begin, where instructions begin. */
const BAR = { start: 19, length: 150, number: 176, text: 262 } as const;
const ROW = { layer: 31, flat: 25, words: 22 } as const;
const TOP = 232;

type Side = 'from' | 'to';

/** The diff as one picture for elsewhere: 1200 pixels wide, as high as it has rows. */
export function historyDiffSvg(model: DiffModel, options: DiffSvgOptions): string {
  const { lang, colours } = options;
  const sizes = model.rows.flatMap((row) => [row.from?.size ?? 0, row.to?.size ?? 0]);
  const drawing: Drawing = { model, lang, colours, most: Math.max(...sizes, 1) };
  let y = TOP;
  const rows = model.rows.map((row, index) => {
    const drawn = drawRow(drawing, row, index, y);
    y += heightOf(row);
    return drawn;
  });
  const { from, to } = model;
  const title = `${from.name} → ${to.name}. ${summaryOf(model, lang)}`;
  const sources = [sourceOf(from, lang), sourceOf(to, lang)].flatMap((source) => source ?? []);
  const defs = GHOSTS.map((kind) =>
    stripedFill(kind, toneColour(kind, colours), colours['paper-2']),
  );
  return svgDocument(
    { width: WIDTH, height: y + 92, title },
    options,
    html`<defs>${defs}</defs>`,
    text(MARGIN, 46, summaryOf(model, lang), { fill: colours.ink, size: 19 }),
    ...drawHead(drawing, 'from'),
    ...drawHead(drawing, 'to'),
    line([MARGIN, TOP - 8], [WIDTH - MARGIN, TOP - 8], colours.line),
    ...[-BAR.start, BAR.start].map((x) =>
      line([SPINE + x, TOP - 8], [SPINE + x, y + 6], colours.line),
    ),
    ...rows,
    line([MARGIN, y + 6], [WIDTH - MARGIN, y + 6], colours.line),
    ...drawTotal(drawing, y + 34),
    text(MARGIN, y + 72, [...new Set(sources), 'Sem Distro'].join(' · '), {
      fill: colours['ink-soft'],
      size: 13,
    }),
  );
}

interface Drawing {
  readonly model: DiffModel;
  readonly lang: Language;
  readonly colours: Colours;
  readonly most: number;
}

function toneColour(tone: Tone, colours: Colours): string {
  const names = {
    same: 'line-strong',
    changed: 'warn',
    removed: 'bad',
    added: 'ok',
    moved: 'accent',
  } as const;
  return colours[names[tone]];
}

function isFlat({ from, to }: DiffRow): boolean {
  return [from, to].every((row) => row === undefined || row.size === 0);
}

function heightOf(row: DiffRow): number {
  return (isFlat(row) ? ROW.flat : ROW.layer) + (row.kind === 'changed' ? ROW.words : 0);
}

/** Mirrored on the left of the spine. */
const out = (side: Side, distance: number): number =>
  SPINE + (side === 'from' ? -distance : distance);
const away = (side: Side): 'start' | 'end' => (side === 'from' ? 'end' : 'start');

function drawHead({ model, lang, colours }: Drawing, side: Side): readonly Markup[] {
  const { name, size } = model[side];
  const x = out(side, BAR.start);
  const anchor = away(side);
  const room = SPINE - MARGIN - BAR.start;
  const most = Math.max(model.from.size, model.to.size, 1);
  let left = BAR.start;
  const slabs = model.rows.toReversed().map((row) => {
    const width = ((row[side]?.size ?? 0) / most) * room;
    const at = side === 'from' ? SPINE - left - width : SPINE + left;
    left += width;
    return rect(at, 164, Math.max(0, width - 1), 30, fillOf(row, side, colours));
  });
  return [
    text(x, 92, name, { fill: colours.ink, size: 17, weight: 600, anchor }),
    text(x, 130, sizeText(size, lang), { fill: colours.ink, size: 38, weight: 300, anchor }),
    text(x, 152, countsOf(model, side, lang), { fill: colours['ink-soft'], size: 14, anchor }),
    ...slabs,
  ];
}

function fillOf(row: DiffRow, side: Side, colours: Colours): string {
  const ghost = ghostOf(row, side);
  return ghost === undefined ? toneColour(toneOf(row), colours) : `url(#${ghost})`;
}

function drawRow(drawing: Drawing, row: DiffRow, index: number, y: number): Markup {
  const { model, lang, colours } = drawing;
  const height = isFlat(row) ? ROW.flat : ROW.layer;
  const tone = row.kind === 'same' ? colours['ink-soft'] : toneColour(toneOf(row), colours);
  const middle = y + height / 2;
  const mark = MARKS[verdictOf(model, index)];
  const sides = (['from', 'to'] as const).flatMap((side) => {
    const one = row[side];
    return one === undefined ? [] : drawSide(drawing, row, one, side, y);
  });
  return html`<g
    >${sides}${text(SPINE, middle + 5, mark, { fill: tone, anchor: 'middle', weight: 700 })}${words()}</g
  >`;

  /** In the empty half, or, where none is, in a line of their own. */
  function words(): readonly Markup[] {
    if (row.kind === 'same') return [];
    const { verb, size } = phraseOf(model, index, lang);
    const said = isFlat(row) ? verb : `${verb}${size}`;
    const side = row.kind === 'added' ? 'from' : 'to';
    const base = row.kind === 'changed' ? y + height + 15 : middle + 5;
    return [
      text(out(side, BAR.start + 9), base, said, { fill: tone, size: 14, anchor: away(side) }),
    ];
  }
}

function drawSide(
  { lang, colours, most }: Drawing,
  row: DiffRow,
  one: ListingRow,
  side: Side,
  y: number,
): readonly Markup[] {
  const flat = isFlat(row);
  const height = flat ? ROW.flat : ROW.layer;
  const base = y + height / 2 + 5;
  const anchor = away(side);
  const label = fitted(instruction(one.createdBy), SPINE - MARGIN - BAR.text, 13);
  const ink = flat ? colours['ink-soft'] : colours.ink;
  const code = text(out(side, BAR.text), base, label, {
    fill: ink,
    size: 13,
    anchor,
    font: 'code',
  });
  const quiet = { fill: colours['ink-soft'], size: 13, anchor };
  if (one.layer === false) {
    return [code, text(out(side, BAR.number), base, WORDS[lang].noLayer, quiet)];
  }
  const width = Math.max(2, (one.size / most) * BAR.length);
  const at = side === 'from' ? SPINE - BAR.start - width : SPINE + BAR.start;
  const solid = toneColour(toneOf(row), colours);
  const ends = [out(side, BAR.start + width + 6), out(side, BAR.start + BAR.length)] as const;
  return [
    line([ends[0], y + height / 2], [ends[1], y + height / 2], colours['line-strong'], '1 5'),
    rect(at, y + 1.5, width, height - 3, fillOf(row, side, colours)),
    // Of a ghost, the edge at the spine is there: what weighs next to nothing is seen.
    rect(side === 'from' ? SPINE - BAR.start - 2 : at, y + 1.5, 2, height - 3, solid),
    ...drawSize(one.size, side, base, lang, { fill: ink, size: 14 }),
    code,
  ];
}

/** Number and unit apart, so that they line up from row to row. */
function drawSize(
  bytes: number,
  side: Side,
  y: number,
  lang: Language,
  style: TextStyle,
): readonly Markup[] {
  const { number, unit } = sizeOf(bytes, lang);
  const x = side === 'from' ? SPINE - BAR.number - 24 : SPINE + BAR.number + 46;
  return [text(x, y, number, { ...style, anchor: 'end' }), text(x + 4, y, unit, style)];
}

function drawTotal({ model, lang, colours }: Drawing, y: number): readonly Markup[] {
  const { from, to } = model;
  const bold = { fill: colours.ink, weight: 600 } as const;
  return [
    text(out('from', BAR.text), y, WORDS[lang].total, { ...bold, anchor: 'end' }),
    ...drawSize(from.size, 'from', y, lang, bold),
    ...drawSize(to.size, 'to', y, lang, bold),
    text(out('to', BAR.text), y, deltaText(to.size - from.size, lang), bold),
  ];
}
