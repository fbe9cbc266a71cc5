import type { SourceRange } from '../dockerfile/diagnostic.ts';

/**
 * The lines around a place in the Dockerfile, as BuildKit prints them above the error. Empty when
 * the place is outside of the text.
 */
export function excerpt(name: string, source: string, range: SourceRange): string {
  const lines = source.split('\n');
  const first = range.start.line + 1;
  // A range that ends before the first character of a line does not touch it.
  const ends =
    range.end.line + (range.end.column === 0 && range.end.line > range.start.line ? 0 : 1);
  const last = Math.min(ends, lines.length);
  if (first > lines.length) return '';
  let start = first;
  let end = last;
  const pad = first === last ? 4 : 2;
  for (let padded = 0; padded < pad; padded++) {
    if (start > 1) {
      start--;
      padded++;
    }
    if (end !== lines.length) {
      end++;
      padded++;
    }
  }
  const rule = '--------------------';
  const shown = lines.slice(start - 1, end).map((line, index) => {
    const number = start + index;
    const mark = number >= first && number <= last ? '>>>' : '   ';
    return ` ${String(number).padStart(3)} | ${mark} ${line}`;
  });
  return [`${name}:${first}`, rule, ...shown, rule, ''].join('\n');
}
