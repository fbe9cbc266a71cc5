/** Widths as Docker's tables have them. */
const MIN_WIDTH = 10;
const PADDING = 3;

/**
 * Aligns tab-separated cells as Go's `text/tabwriter` does, on which Docker's tables rest: a column
 * is a run of consecutive lines that have a cell there ended by a tab; text after the last tab of a
 * line belongs to no column. A line break inside a cell starts a new line here as there.
 */
export function alignColumns(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const widths: number[][] = lines.map(() => []);
  for (const [row, cells] of lines.entries()) {
    for (let column = 0; column < cells.length - 1; column++) {
      if (widths[row]?.[column] !== undefined) continue;
      measure(lines, widths, row, column);
    }
  }
  return lines
    .map((cells, row) =>
      cells
        .map((cell, column) =>
          column < cells.length - 1
            ? cell + ' '.repeat(Math.max(0, (widths[row]?.[column] ?? 0) - letters(cell)))
            : cell,
        )
        .join(''),
    )
    .join('\n');
}

/** Sets the width of `column` for the run of lines that begins at `first`. */
function measure(
  lines: readonly (readonly string[])[],
  widths: readonly number[][],
  first: number,
  column: number,
): void {
  let width = MIN_WIDTH;
  let end = first;
  for (; end < lines.length; end++) {
    const cells = lines[end] ?? [];
    if (column >= cells.length - 1) break;
    width = Math.max(width, letters(cells[column] ?? '') + PADDING);
  }
  for (let row = first; row < end; row++) {
    const line = widths[row];
    if (line) line[column] = width;
  }
}

function letters(cell: string): number {
  return Array.from(cell).length;
}
