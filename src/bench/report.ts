import type { Group } from './group.ts';
import { rowOf } from './row.ts';
import type { Row } from './row.ts';

/** What `.cache/bench.json` holds. */
export interface Report {
  readonly schema: 1;
  /** Processor, memory, system and Node, for people who compare two files. */
  readonly machine: string;
  /** ISO 8601, when the run ended. */
  readonly date: string;
  readonly rows: readonly Row[];
}

/** Measures one group after the other: two at once would measure each other. */
export async function measureAll(
  groups: readonly Group[],
  onRow: (row: Row) => void,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const add = (row: Row): void => {
    rows.push(row);
    onRow(row);
  };
  for (const group of groups) {
    try {
      for await (const measured of group.measure()) add(rowOf(group.name, measured));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      add(rowOf(group.name, { id: group.name, name: group.about, unit: 'ms', runs: [], reason }));
    }
  }
  return rows;
}
