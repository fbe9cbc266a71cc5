/** One line of the table: an answer of a lab on every engine. */
export interface ProofRow {
  readonly lab: string;
  readonly name: string;
  /** By engine; undefined where it was not run. */
  readonly cells: ReadonlyMap<string, ProofCell>;
}

export interface ProofCell {
  /** Of each run. */
  readonly seconds: readonly number[];
  readonly problems: readonly string[];
}

/** Lab × case, a column of seconds per engine (first run, second run), and at the end what disagrees. */
export function proofTable(rows: readonly ProofRow[], engines: readonly string[]): string {
  const cells = [
    ['lab', 'case', ...engines],
    ...rows.map(({ lab, name, cells: at }) => [
      ...[lab, name],
      ...engines.map((engine) => cellText(at.get(engine))),
    ]),
    [
      ...['', `${rows.length} cases`],
      ...engines.map((engine) =>
        seconds(rows.flatMap(({ cells: at }) => at.get(engine)?.seconds ?? []).reduce(sum, 0)),
      ),
    ],
  ];
  const widths = cells[0]?.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const problems = rows.flatMap(({ lab, name, cells: at }) =>
    [...at].flatMap(([engine, cell]) =>
      cell.problems.map((problem) => `${lab} ${name} on ${engine}: ${onOneLine(problem)}`),
    ),
  );
  return [...lines, ...problems, ''].join('\n');
}

/** What a build printed may be long; `npm run labs` shows all of it as it comes. */
function onOneLine(problem: string): string {
  const line = problem.replace(/\s+/g, ' ');
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}

const LONGEST = 300;

function cellText(cell: ProofCell | undefined): string {
  if (cell === undefined) return '–';
  const times = cell.seconds.map(seconds).join(' / ');
  return cell.problems.length === 0 ? times : `${times} WRONG`.trim();
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

const sum = (a: number, b: number): number => a + b;
