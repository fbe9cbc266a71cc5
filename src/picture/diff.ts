import type { HistoryRow, ImageDiff, ImageSide } from '../engine/diff/model.ts';
import { alignRows, isAlike } from './align.ts';
import { type Listing, type ListingRow, sizeOfRows } from './listing.ts';

/** Two histories beside each other, newest first, as a picture shows them. */
export interface DiffModel {
  readonly from: DiffSide;
  readonly to: DiffSide;
  /** Every row of both sides once, in their order. */
  readonly rows: readonly DiffRow[];
  /** Recorded listings tell instructions and rounded sizes; of live images the bytes were compared. */
  readonly recorded: boolean;
}

export interface DiffSide {
  readonly name: string;
  readonly title?: string;
  readonly source?: string;
  readonly date?: string;
  readonly store?: string;
  /** Bytes of all rows. */
  readonly size: number;
  readonly rows: number;
  /** Rows that are known to have made a layer. */
  readonly layers: number;
  /** Bytes that are stored, but hidden by a layer above; of live images only. */
  readonly hidden?: number;
}

export type DiffRow = {
  /** Index of the row on the other side to which it likely moved. */
  readonly twin?: number;
} & (
  | { readonly kind: 'same' | 'changed'; readonly from: ListingRow; readonly to: ListingRow }
  | { readonly kind: 'removed'; readonly from: ListingRow; readonly to?: undefined }
  | { readonly kind: 'added'; readonly from?: undefined; readonly to: ListingRow }
);

export function diffListings(from: Listing, to: Listing): DiffModel {
  const rows: DiffRow[] = [];
  let [i, j] = [0, 0];
  const end = { from: from.rows.length, to: to.rows.length, same: false };
  for (const pair of [...alignRows(from.rows, to.rows), end]) {
    for (const row of from.rows.slice(i, pair.from)) rows.push({ kind: 'removed', from: row });
    for (const row of to.rows.slice(j, pair.to)) rows.push({ kind: 'added', to: row });
    const [left, right] = [from.rows[pair.from], to.rows[pair.to]];
    if (left && right) rows.push({ kind: pair.same ? 'same' : 'changed', from: left, to: right });
    [i, j] = [pair.from + 1, pair.to + 1];
  }
  return { from: sideOf(from), to: sideOf(to), rows: withTwins(rows), recorded: true };
}

/** Live images: the engine has lined them up by their layers' bytes. */
export function diffImages({ history, from, to }: ImageDiff): DiffModel {
  const rows = history.toReversed().map((change): DiffRow => {
    if (change.kind === 'removed') return { kind: 'removed', from: liveRow(change.from) };
    if (change.kind === 'added') return { kind: 'added', to: liveRow(change.to) };
    return { kind: change.kind, from: liveRow(change.from), to: liveRow(change.to) };
  });
  return {
    from: liveSide(
      from,
      rows.flatMap(({ from: row }) => row ?? []),
    ),
    to: liveSide(
      to,
      rows.flatMap(({ to: row }) => row ?? []),
    ),
    rows: withTwins(rows),
    recorded: false,
  };
}

function sideOf({ rows, ...listing }: Listing): DiffSide {
  return { ...listing, ...countsOf(rows) };
}

function liveSide({ name, wasted }: ImageSide, rows: readonly ListingRow[]): DiffSide {
  return { name, ...countsOf(rows), hidden: wasted };
}

function countsOf(rows: readonly ListingRow[]): Pick<DiffSide, 'size' | 'rows' | 'layers'> {
  const layers = rows.filter(({ layer }) => layer === true).length;
  return { size: sizeOfRows(rows), rows: rows.length, layers };
}

function liveRow({ createdBy, comment, size, layer, line }: HistoryRow): ListingRow {
  return {
    createdBy,
    size,
    layer: layer !== undefined,
    ...(comment !== '' && { comment }),
    ...(layer !== undefined && { index: layer }),
    ...(line !== undefined && { line }),
  };
}

/** A step that goes in one place and comes in another is told as one that moved. */
function withTwins(rows: readonly DiffRow[]): readonly DiffRow[] {
  const twins = new Map<number, number>();
  for (const [index, row] of rows.entries()) {
    if (row.kind !== 'removed') continue;
    const other = rows.findIndex(
      (one, at) => one.kind === 'added' && !twins.has(at) && isAlike(row.from, one.to),
    );
    if (other < 0) continue;
    twins.set(index, other);
    twins.set(other, index);
  }
  return rows.map((row, index) => {
    const twin = twins.get(index);
    return twin === undefined ? row : { ...row, twin };
  });
}
