/** Strokes on a field of 16 by 16. */
const PATHS = {
  plus: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  find: 'M7 3a4 4 0 1 1 0 8a4 4 0 0 1 0-8M10 10l3.5 3.5',
  up: 'M4 10l4-4l4 4',
  down: 'M4 6l4 4l4-4',
  right: 'M6 4l4 4l-4 4',
  file: 'M4 2.5h5l3 3v8H4zM8 7.5v4M6 9.5h4',
  folder: 'M2 4h4l1.5 1.5H14v7H2zM8 7.5v3.5M6.25 9.25h3.5',
  rename: 'M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3z',
  remove: 'M3.5 4.5h9M6 4.5V3h4v1.5M5 4.5l.5 9h5l.5-9',
  upload: 'M8 10V3M5 6l3-3l3 3M3 10v3h10v-3',
  download: 'M8 3v7M5 7l3 3l3-3M3 10v3h10v-3',
  lock: 'M4.5 7.5h7v5h-7zM6 7.5V5a2 2 0 0 1 4 0v2.5',
  tree: 'M3 3.5h6M5 8h8M5 12.5h8M3 3.5v9',
  copy: 'M6 6h7v7H6zM10 6V3H3v7h3',
  paste: 'M6 3.5H4V13h8V3.5h-2M6 2.5h4v2H6z',
  reader: 'M3 6.5v3h2.5L9 12.5v-9L5.5 6.5zM11 6a3 3 0 0 1 0 4M12.5 4a6 6 0 0 1 0 8',
} as const;

/** A drawing beside a name; it says nothing itself. */
export function icon(name: keyof typeof PATHS): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'tool-icon');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
