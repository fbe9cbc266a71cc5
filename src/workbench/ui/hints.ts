import type { Words } from '../../verify/words.ts';

export interface Hint {
  readonly id: string;
  readonly check: string;
  readonly text: Words;
}

/** How many hints of a check somebody has asked for, by the check's id. */
export type HintsGiven = Readonly<Record<string, number>>;

/** The hints of a check in the order in which they are given: the one that the failing check names first. */
export function hintsFor(
  hints: readonly Hint[],
  { id, hint }: { readonly id: string; readonly hint?: string },
): readonly Hint[] {
  const named = hints.find((one) => one.id === hint);
  const others = hints.filter((one) => one.check === id && one !== named);
  return named ? [named, ...others] : others;
}

/** Those of them that were asked for. */
export function shownHints(
  hints: readonly Hint[],
  check: { readonly id: string; readonly hint?: string },
  given: HintsGiven,
): { readonly shown: readonly Hint[]; readonly left: number; readonly of: number } {
  const all = hintsFor(hints, check);
  const shown = all.slice(0, given[check.id] ?? 0);
  return { shown, left: all.length - shown.length, of: all.length };
}

export function withOneMore(given: HintsGiven, check: string): HintsGiven {
  return { ...given, [check]: (given[check] ?? 0) + 1 };
}
