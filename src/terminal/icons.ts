/** Strokes on a field of 16 by 16. */
const PATHS = {
  plus: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  find: 'M7 3a4 4 0 1 1 0 8a4 4 0 0 1 0-8M10 10l3.5 3.5',
  up: 'M4 10l4-4l4 4',
  down: 'M4 6l4 4l4-4',
  copy: 'M6 6h7v7H6zM10 6V3H3v7h3',
  paste: 'M6 3.5H4V13h8V3.5h-2M6 2.5h4v2H6z',
  reader: 'M3 6.5v3h2.5L9 12.5v-9L5.5 6.5zM11 6a3 3 0 0 1 0 4M12.5 4a6 6 0 0 1 0 8',
} as const;

/** A drawing beside a name; it says nothing itself. */
export function icon(name: keyof typeof PATHS): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'term-icon');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
