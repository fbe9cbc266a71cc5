import type { Colours } from './colours.ts';
import { html, Markup } from './html.ts';

/** Families for a picture that stands alone: the site's own when they came along, else what a computer has. */
export const FONTS = {
  display: "Bricolage, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif",
  code: "'Plex Mono', ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
} as const;

export interface SvgOptions {
  readonly colours: Colours;
  /** `@font-face` rules with the fonts in them. */
  readonly fontFaces?: string;
}

/** A whole document of a size in pixels, which needs nothing from outside. */
export function svgDocument(
  {
    width,
    height,
    title,
  }: { readonly width: number; readonly height: number; readonly title: string },
  { colours, fontFaces }: SvgOptions,
  ...parts: readonly Markup[]
): string {
  const style =
    fontFaces !== undefined &&
    html`<style>
      ${new Markup(fontFaces)}
    </style>`;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
  >
    <title>${title}</title>
    ${style}
    <rect width="${width}" height="${height}" fill="${colours.paper}" />
    ${parts}
  </svg>`.text;
}

export interface TextStyle {
  readonly fill: string;
  readonly size?: number;
  readonly weight?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly font?: keyof typeof FONTS;
}

/** A line of text whose baseline is at `y`. */
export function text(x: number, y: number, content: string, style: TextStyle): Markup {
  const { fill, size = 15, weight = 400, anchor = 'start', font = 'display' } = style;
  return html`<text
    x="${round(x)}"
    y="${round(y)}"
    font-family="${FONTS[font]}"
    font-size="${size}"
    font-weight="${weight}"
    text-anchor="${anchor}"
    fill="${fill}"
    >${content}</text
  >`;
}

export function rect(x: number, y: number, width: number, height: number, fill: string): Markup {
  return html`<rect
    x="${round(x)}"
    y="${round(y)}"
    width="${round(width)}"
    height="${round(height)}"
    fill="${fill}"
  />`;
}

export function line(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  stroke: string,
  dashes?: string,
): Markup {
  const dashed = dashes !== undefined && html` stroke-dasharray="${dashes}"`;
  return html`<line
    x1="${round(x1)}"
    y1="${round(y1)}"
    x2="${round(x2)}"
    y2="${round(y2)}"
    stroke="${stroke}"
    ${dashed}
  />`;
}

/** A striped fill: `url(#id)`. */
export function stripedFill(id: string, stripe: string, ground: string): Markup {
  return html`<pattern
    id="${id}"
    width="5"
    height="5"
    patternUnits="userSpaceOnUse"
    patternTransform="rotate(45)"
    ><rect width="5" height="5" fill="${ground}" /><rect width="2.2" height="5" fill="${stripe}"
  /></pattern>`;
}

/** Cut to what fits in a width: every letter of a code font is 0.6 of its size wide. */
export function fitted(content: string, width: number, size: number): string {
  const most = Math.max(1, Math.floor(width / (size * 0.6)));
  return content.length <= most ? content : `${content.slice(0, most - 1)}…`;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
