import { instruction, type ListingRow } from './listing.ts';

/** Indices of rows that stand beside each other; `to` rises with `from`. */
export interface Pair {
  readonly from: number;
  readonly to: number;
  /** Same instruction and size. Of a recorded listing that says nothing about the bytes. */
  readonly same: boolean;
}

/** Past this many comparisons only what is the same at both ends is aligned. */
const MOST_COMPARISONS = 250_000;

/**
 * Lines two listings up, newest first: as many equal rows as keep their order, then rows that are
 * likely the same step, written anew. The last rows, on which everything stands, face each other
 * unless they have better partners.
 */
export function alignRows(from: readonly ListingRow[], to: readonly ListingRow[]): readonly Pair[] {
  const [a, b] = [from.map(keyOf), to.map(keyOf)];
  const least = Math.min(a.length, b.length);
  let start = 0;
  while (start < least && isSame(a[start], b[start])) start++;
  let end = 0;
  while (end < least - start && isSame(a.at(-1 - end), b.at(-1 - end))) end++;
  const middle = bestPairs(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const pairs = [
    ...Array.from({ length: start }, (_, i) => ({ from: i, to: i, same: true })),
    ...middle.map((pair) => ({ ...pair, from: pair.from + start, to: pair.to + start })),
    ...Array.from({ length: end }, (_, i) => ({
      from: a.length - end + i,
      to: b.length - end + i,
      same: true,
    })),
  ];
  const last = pairs.at(-1);
  const free = (last?.from ?? -1) < a.length - 1 && (last?.to ?? -1) < b.length - 1;
  const bases = { from: a.length - 1, to: b.length - 1, same: false };
  return free ? [...pairs, bases] : pairs;
}

/** Whether two rows are likely one step, though not where or not as it was: `pip install`, with another option. */
export function isAlike(from: ListingRow, to: ListingRow): boolean {
  return likeness(keyOf(from), keyOf(to)) >= ALIKE;
}

interface Key {
  readonly text: string;
  readonly size: number;
  readonly verb: string;
  readonly words: ReadonlySet<string>;
}

/** Instructions that do the same thing in another way. */
const KIN: Readonly<Record<string, string>> = { ENTRYPOINT: 'CMD', ADD: 'COPY' };

function keyOf({ createdBy, size }: ListingRow): Key {
  const text = instruction(createdBy);
  const [verb = '', ...rest] = text.split(' ');
  // `ENV PATH=/bin` is about PATH; brackets and quotes of an exec form are about nothing.
  const words = new Set(rest.join(' ').split(/[\s=[\]",]+/));
  words.delete('');
  return { text, size, verb: KIN[verb] ?? verb, words };
}

function isSame(a: Key | undefined, b: Key | undefined): boolean {
  return a !== undefined && a.text === b?.text && a.size === b.size;
}

const ALIKE = 0.5;

/** Dice's coefficient of the words of two instructions of one kind: 0 to 1. */
function likeness(a: Key, b: Key): number {
  if (a.verb !== b.verb) return 0;
  if (a.text === b.text) return 1;
  const common = [...a.words].filter((word) => b.words.has(word)).length;
  return (2 * common) / (a.words.size + b.words.size || 1);
}

/** An equal pair weighs more than any two that are only alike. */
const SAME_WEIGHT = 3;

function weight(a: Key, b: Key): number {
  if (isSame(a, b)) return SAME_WEIGHT;
  const alike = likeness(a, b);
  return alike >= ALIKE ? alike : 0;
}

/** The order-keeping pairs of the greatest weight in all. */
function bestPairs(a: readonly Key[], b: readonly Key[]): readonly Pair[] {
  if (a.length * b.length > MOST_COMPARISONS) return [];
  const weights = a.map((x) => b.map((y) => weight(x, y)));
  const width = b.length + 1;
  const best = new Float64Array((a.length + 1) * width);
  const at = (i: number, j: number): number => best[i * width + j] ?? 0;
  const of = (i: number, j: number): number => weights[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const paired = of(i, j) > 0 ? of(i, j) + at(i + 1, j + 1) : 0;
      best[i * width + j] = Math.max(paired, at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const here = of(i, j);
    if (here > 0 && here + at(i + 1, j + 1) === at(i, j)) {
      pairs.push({ from: i++, to: j++, same: here === SAME_WEIGHT });
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
