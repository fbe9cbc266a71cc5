// Adds up what the suites report, in the form the last line of `npm test` has.

/**
 * @typedef {object} Sum
 * @property {number} passed
 * @property {number} failed
 * @property {readonly Skipped[]} skipped
 */

/** @typedef {{ readonly test: string, readonly reason: string | undefined }} Skipped */

/** @param {readonly Sum[]} sums
 * @returns {Sum} */
export function addUp(sums) {
  return {
    passed: sums.reduce((total, { passed }) => total + passed, 0),
    failed: sums.reduce((total, { failed }) => total + failed, 0),
    skipped: sums.flatMap(({ skipped }) => skipped),
  };
}

/** @param {Sum} sum */
export const sumLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped.length} skipped`;

/**
 * One line for every reason, with the number of tests it left out and, for a test without one, where it is.
 * @param {readonly Skipped[]} skipped
 * @param {import('./words.mjs').Words} words
 */
export function reasonLines(skipped, words) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { test, reason } of skipped) {
    const line = reason ?? `${words('no-reason')}: ${test}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `skipped ${count}: ${reason}`);
}
