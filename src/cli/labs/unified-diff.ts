/** Lines around a change that are shown with it, as `diff -u` has it. */
const AROUND = 3;

/** More changes than this are told as all of it replaced: finding the least takes the square of them. */
const MOST_EDITS = 2000;

interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

/**
 * A unified diff of two texts, as `diff -u` and `git apply` understand it; '' when they are the same.
 * Undefined stands for a file that is not there.
 */
export function unifiedDiff(
  path: string,
  from: string | undefined,
  to: string | undefined,
): string {
  if (from === to) return '';
  const edits = editsBetween(linesOf(from ?? ''), linesOf(to ?? ''));
  const head = [
    `--- ${from === undefined ? '/dev/null' : `a/${path}`}`,
    `+++ ${to === undefined ? '/dev/null' : `b/${path}`}`,
  ];
  return [...head, ...hunks(edits), ''].join('\n');
}

/** With their ends, so that a last line without one differs from one that has it. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The shortest edit script (Myers, 1986). */
function editsBetween(from: readonly string[], to: readonly string[]): readonly Edit[] {
  const trace: Map<number, number>[] = [];
  const far = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= Math.min(from.length + to.length, MOST_EDITS); d++) {
    trace.push(new Map(far));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (far.get(k - 1) ?? 0) < (far.get(k + 1) ?? 0));
      let x = down ? (far.get(k + 1) ?? 0) : (far.get(k - 1) ?? 0) + 1;
      while (x < from.length && x - k < to.length && from[x] === to[x - k]) x++;
      far.set(k, x);
      if (x >= from.length && x - k >= to.length) return backtrack(trace, from, to);
    }
  }
  const edit = (kind: '-' | '+') => (line: string) => ({ kind, line });
  return [...from.map(edit('-')), ...to.map(edit('+'))];
}

function backtrack(
  trace: readonly ReadonlyMap<number, number>[],
  from: readonly string[],
  to: readonly string[],
): readonly Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [from.length, to.length];
  for (let d = trace.length - 1; d >= 0; d--) {
    const far = trace[d];
    const k = x - y;
    const down = k === -d || (k !== d && (far?.get(k - 1) ?? 0) < (far?.get(k + 1) ?? 0));
    const beforeK = down ? k + 1 : k - 1;
    const beforeX = d === 0 ? 0 : (far?.get(beforeK) ?? 0);
    const beforeY = d === 0 ? 0 : beforeX - beforeK;
    while (x > beforeX && y > beforeY) {
      x--;
      y--;
      edits.push({ kind: ' ', line: from[x] ?? '' });
    }
    if (d === 0) break;
    if (down) edits.push({ kind: '+', line: to[--y] ?? '' });
    else edits.push({ kind: '-', line: from[--x] ?? '' });
  }
  return edits.reverse();
}

function hunks(edits: readonly Edit[]): readonly string[] {
  const changed = edits.flatMap(({ kind }, at) => (kind === ' ' ? [] : [at]));
  const groups: { first: number; last: number }[] = [];
  for (const at of changed) {
    const group = groups.at(-1);
    if (group && at - group.last <= 2 * AROUND + 1) group.last = at;
    else groups.push({ first: at, last: at });
  }
  return groups.flatMap(({ first, last }) => {
    const start = Math.max(0, first - AROUND);
    const shown = edits.slice(start, last + AROUND + 1);
    const before = edits.slice(0, start);
    const range = (not: '+' | '-'): string => {
      const count = shown.filter(({ kind }) => kind !== not).length;
      const lines = before.filter(({ kind }) => kind !== not).length;
      return `${count === 0 ? lines : lines + 1}${count === 1 ? '' : `,${count}`}`;
    };
    return [
      `@@ -${range('+')} +${range('-')} @@`,
      ...shown.map(({ kind, line }) =>
        line.endsWith('\n')
          ? `${kind}${line.slice(0, -1)}`
          : `${kind}${line}\n\\ No newline at end of file`,
      ),
    ];
  });
}
