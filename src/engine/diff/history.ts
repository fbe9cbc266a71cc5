import type { HistoryChange, HistoryRow, LayerChange } from './model.ts';

/** A row and the identity of its layer, if it has one. */
export interface AlignedRow {
  readonly row: HistoryRow;
  readonly diffId?: LayerChange['diffId'];
}

/**
 * Lines two histories up as a text diff would, oldest first. Rows are the same when instruction and layer are; between rows that
 * are, a removed and an added row of the same kind (`COPY`, `RUN`, …) are one changed row.
 */
export function alignHistories(
  from: readonly AlignedRow[],
  to: readonly AlignedRow[],
): readonly HistoryChange[] {
  const key = ({ row, diffId }: AlignedRow): string => `${row.createdBy}\0${diffId ?? ''}`;
  const changes: HistoryChange[] = [];
  let [i, j] = [0, 0];
  const end: [number, number] = [from.length, to.length];
  for (const [a, b] of [...commonRows(from.map(key), to.map(key)), end]) {
    for (const change of gap(from.slice(i, a), to.slice(j, b))) changes.push(change);
    const [before, after] = [from[a], to[b]];
    if (before && after) changes.push({ kind: 'same', from: before.row, to: after.row });
    [i, j] = [a + 1, b + 1];
  }
  return changes;
}

function gap(from: readonly AlignedRow[], to: readonly AlignedRow[]): readonly HistoryChange[] {
  const changes: HistoryChange[] = [];
  const places = Map.groupBy(to.keys(), (index) => verb(to[index]?.row));
  let next = 0;
  for (const { row } of from) {
    const candidates = places.get(verb(row)) ?? [];
    while ((candidates[0] ?? next) < next) candidates.shift();
    const match = candidates[0];
    if (match === undefined) {
      changes.push({ kind: 'removed', from: row });
      continue;
    }
    for (const skipped of to.slice(next, match)) changes.push({ kind: 'added', to: skipped.row });
    const after = to[match];
    if (after) changes.push({ kind: 'changed', from: row, to: after.row });
    next = match + 1;
  }
  for (const { row } of to.slice(next)) changes.push({ kind: 'added', to: row });
  return changes;
}

function verb(row: HistoryRow | undefined): string {
  return row?.createdBy.split(' ', 1)[0] ?? '';
}

/** Past this many comparisons only the common start is aligned: a hostile history may be long. */
const MOST_COMPARISONS = 4_000_000;

/** Pairs of indices of a longest common subsequence. */
function commonRows(a: readonly string[], b: readonly string[]): readonly [number, number][] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  const prefix = Array.from({ length: start }, (_, i): [number, number] => [i, i]);
  if ((a.length - start) * (b.length - start) > MOST_COMPARISONS) return prefix;
  const rest = longestCommon(a.slice(start), b.slice(start));
  return [...prefix, ...rest.map(([i, j]): [number, number] => [i + start, j + start])];
}

function longestCommon(a: readonly string[], b: readonly string[]): readonly [number, number][] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

/**
 * Layers by content, oldest first. Layers count as shared only in the common prefix: an engine
 * stores a layer by everything below it, so the same bytes on another base are kept again.
 */
export function compareLayers(
  from: readonly Omit<LayerChange, 'kind'>[],
  to: readonly Omit<LayerChange, 'kind'>[],
): readonly LayerChange[] {
  let shared = 0;
  while (shared < from.length && from[shared]?.diffId === to[shared]?.diffId) shared++;
  return [
    ...from.slice(0, shared).map((layer) => ({ ...layer, kind: 'shared' as const })),
    ...from.slice(shared).map((layer) => ({ ...layer, kind: 'removed' as const })),
    ...to.slice(shared).map((layer) => ({ ...layer, kind: 'added' as const })),
  ];
}
