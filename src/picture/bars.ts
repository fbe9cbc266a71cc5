import { html, type Markup } from './html.ts';

/** Percent of a drawing's width or height, short enough to read in the source. */
export function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Number(((part / whole) * 100).toFixed(3))}%`;
}

/**
 * A bar from the left edge of its place, `part` of `whole` wide. Widths are attributes of SVG because
 * style attributes are forbidden here. What exists is never invisible: it has two pixels at least.
 */
export function bar(part: number, whole: number, fill?: string): Markup {
  const paint = fill !== undefined && html` fill="url(#${fill})"`;
  return html`<svg class="bar" aria-hidden="true" focusable="false">
    <line class="leader" x2="100%" y1="50%" y2="50%" />
    <rect class="least" width="2" height="100%" />
    <rect class="size" width="${percent(part, whole)}" height="100%" ${paint} />
  </svg>`;
}

/** Diagonal stripes, for what is drawn as a ghost of itself; `kind` colours it in the style sheet. */
export function stripes(id: string, kind: string): Markup {
  return html`<pattern
    id="${id}"
    class="stripes ${kind}"
    width="5"
    height="5"
    patternUnits="userSpaceOnUse"
    patternTransform="rotate(45)"
    ><rect class="under" width="5" height="5" /><rect class="stripe" width="2.2" height="5"
  /></pattern>`;
}
