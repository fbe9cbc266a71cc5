import { columnsOf, cut, padded } from './text.ts';

/**
 * Rows below a head, each column as wide as its widest cell. `flexible` is the column that gives way
 * where a terminal is too narrow.
 */
export function tableLines(
  rows: readonly (readonly string[])[],
  columns: number | undefined,
  flexible: number,
): readonly string[] {
  const count = rows[0]?.length ?? 0;
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(...rows.map((row) => columnsOf(row[at] ?? ''))),
  );
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  const over = columns === undefined ? 0 : Math.max(0, total - columns);
  const room = Math.max(8, (widths[flexible] ?? 0) - over);
  return rows.map((row) =>
    row
      .map((cell, at) => {
        const width = at === flexible ? Math.min(room, widths[at] ?? 0) : (widths[at] ?? 0);
        return padded(at === flexible ? cut(cell, width) : cell, width);
      })
      .join('  ')
      .trimEnd(),
  );
}
