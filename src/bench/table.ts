import type { Row, Unit } from './row.ts';

const headings = ['group', 'what', 'value', 'spread', 'reference', 'ratio', 'goal', 'met'];

/** The rows as an aligned table, and below it the reasons of what could not be measured. */
export function table(rows: readonly Row[]): string {
  const cells = [headings, ...rows.map(cellsOf)];
  const widths = headings.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const reasons = rows.flatMap(({ id, reason }) => (reason === null ? [] : [`${id}: ${reason}`]));
  return [...lines, ...reasons, ''].join('\n');
}

function cellsOf(row: Row): string[] {
  const { unit, spread } = row;
  return [
    row.group,
    row.name,
    amount(row.value, unit),
    spread === null || spread[0] === spread[1]
      ? ''
      : spread.map((n) => amount(n, unit)).join(' – '),
    amount(row.reference, unit),
    row.ratio === null ? '–' : `${row.ratio.toFixed(2)} ×`,
    row.goal ?? '–',
    row.met === null ? '–' : row.met ? 'yes' : 'NO',
  ];
}

function amount(value: number | null, unit: Unit): string {
  if (value === null) return '–';
  if (unit === 'B')
    return value < 1e6 ? `${(value / 1e3).toFixed(1)} kB` : `${(value / 1e6).toFixed(1)} MB`;
  return value < 1000 ? `${value.toPrecision(3)} ms` : `${(value / 1000).toFixed(2)} s`;
}
