import type { Fields } from './fields.ts';

/** Chains are no longer than this, whatever the file says: a damaged one may lead in a circle. */
const LONGEST_CHAIN = 65_536;

const VER_FLG_BASE = 1;
const VER_FLG_WEAK = 2;

type Text = (at: number) => string;

/** `Verneed` records and their `Vernaux`: which versions of which library. */
export function neededVersions(
  table: Fields,
  count: number,
  text: Text,
): readonly { readonly library: string; readonly version: string }[] {
  const found: { readonly library: string; readonly version: string }[] = [];
  let left = LONGEST_CHAIN;
  for (const record of chain(table, 0, count, 12)) {
    const library = text(table.u32(record + 4) ?? -1);
    const first = record + (table.u32(record + 8) ?? 0);
    for (const aux of chain(table, first, table.u16(record + 2) ?? 0, 12)) {
      const weak = ((table.u16(aux + 4) ?? 0) & VER_FLG_WEAK) !== 0;
      const version = text(table.u32(aux + 8) ?? -1);
      if (!weak && version !== '') found.push({ library, version });
      left -= 1;
      if (left === 0) return found;
    }
  }
  return found;
}

/** `Verdef` records: the first name of each is the version, those after it what it inherits. */
export function definedVersions(table: Fields, count: number, text: Text): readonly string[] {
  const found: string[] = [];
  for (const record of chain(table, 0, count, 16)) {
    if (((table.u16(record + 2) ?? 0) & VER_FLG_BASE) !== 0) continue;
    const version = text(table.u32(record + (table.u32(record + 12) ?? 0)) ?? -1);
    if (version !== '') found.push(version);
  }
  return found;
}

/** Offsets of linked records whose distance to the next is at `next` in each; 0 ends them. */
function* chain(table: Fields, start: number, count: number, next: number): Generator<number> {
  let at = start;
  for (let i = 0; i < Math.min(count, LONGEST_CHAIN); i++) {
    if (at >= table.length) return;
    yield at;
    const step = table.u32(at + next) ?? 0;
    if (step === 0) return;
    at += step;
  }
}
