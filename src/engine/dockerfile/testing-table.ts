/** Reads testdata/expand.txt for the tests. */
export interface Row {
  /** Line in the file, from 1. */
  readonly line: number;
  readonly input: string;
  readonly expected: string;
}

export function readTable(text: string): {
  readonly env: ReadonlyMap<string, string>;
  readonly rows: readonly Row[];
} {
  const env = new Map<string, string>();
  const rows: Row[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    const variable = /^# {3}(\w+)=(.*)$/.exec(line);
    if (variable) env.set(variable[1] ?? '', spaces(variable[2] ?? ''));
    // A word may hold a bar itself.
    const bar = line.startsWith('# ') ? -1 : line.lastIndexOf(' |');
    if (bar < 0) continue;
    const input = line.slice(0, bar).trimEnd();
    rows.push({ line: i + 1, input, expected: spaces(line.slice(bar + 3)) });
  }
  return { env, rows };
}

/** A dot stands for a space at either end. */
function spaces(text: string): string {
  return text.replace(/^·+|·+$/g, (dots) => ' '.repeat(dots.length));
}
