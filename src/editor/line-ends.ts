/**
 * CodeMirror takes every kind of line end for one; a file must be written as it was read. What ends
 * all lines is kept aside, and a carriage return among other line ends stays a character.
 */
export type LineEnd = '\n' | '\r\n';

export function lineEndOf(text: string): LineEnd {
  const all = text.split('\n').length - 1;
  return all > 0 && text.split('\r\n').length - 1 === all ? '\r\n' : '\n';
}

/** The smallest piece to replace so that `before` becomes `after`; undefined when they are the same. */
export function difference(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly insert: string } | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let end = 0;
  while (end < shorter - from && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}
