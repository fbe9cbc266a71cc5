/**
 * ` (did you mean X?)`, or nothing: the first option fewer than three edits away, as BuildKit
 * counts. Without `exactCase` the suggestion takes the case of what was written.
 */
export function didYouMean(
  written: string,
  options: readonly string[],
  { exactCase }: { readonly exactCase: boolean },
): string {
  const wanted = exactCase ? written : written.toLowerCase();
  // No option is longer than a word; do not count the edits of a ten megabyte one.
  if (wanted.length > 40) return '';
  let best = '';
  let least = 3;
  for (const option of options) {
    const candidate = exactCase ? option : option.toLowerCase();
    if (candidate === wanted) return '';
    const edits = distance(wanted, candidate);
    if (edits >= least) continue;
    least = edits;
    best = exactCase ? option : inCaseOf(written, candidate);
  }
  return best === '' ? '' : ` (did you mean ${best}?)`;
}

function inCaseOf(written: string, candidate: string): string {
  return written === written.toUpperCase() && written !== written.toLowerCase()
    ? candidate.toUpperCase()
    : candidate;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (same ? 0 : 1),
      );
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
