import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { unifiedDiff } from './unified-diff.ts';

const root = mkdtempSync(join(tmpdir(), 'semdistro-diff-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const lines = (count: number): string =>
  Array.from({ length: count }, (_, at) => `line ${at}\n`).join('');

const cases = [
  ['a line', 'a\n', 'b\n'],
  ['the first of many', lines(20), `x\n${lines(20)}`],
  ['the last of many', lines(20), `${lines(20)}x\n`],
  ['far apart', `a\n${lines(20)}b\n`, `c\n${lines(20)}d\n`],
  ['close together', `a\n${lines(6)}b\n`, `c\n${lines(6)}d\n`],
  ['one more apart', `a\n${lines(7)}b\n`, `c\n${lines(7)}d\n`],
  ['no line end', 'a', 'a\n'],
  ['no line end on either side', 'a\nb', 'a\nc'],
  ['all removed', lines(3), ''],
  ['all new', '', lines(3)],
] as const;

/** GNU diff, which has the last word. Its heads have times. */
function gnuDiff(from: string, to: string): string {
  writeFileSync(join(root, 'from'), from);
  writeFileSync(join(root, 'to'), to);
  const { stdout } = spawnSync('diff', ['-u', 'from', 'to'], { cwd: root, encoding: 'utf8' });
  return stdout.replace(/^---.*\n\+\+\+.*\n/, '--- a/f\n+++ b/f\n');
}

describe('a unified diff', () => {
  it.each(cases)('%s: as GNU diff writes it', (_, from, to) => {
    expect(unifiedDiff('f', from, to)).toBe(gnuDiff(from, to));
  });

  it('of what is the same is empty', () => {
    expect(unifiedDiff('f', 'a\n', 'a\n')).toBe('');
    expect(unifiedDiff('f', undefined, undefined)).toBe('');
  });

  it('says when a file is new or gone', () => {
    expect(unifiedDiff('f', undefined, 'a\n')).toBe('--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n');
    expect(unifiedDiff('f', 'a\n', undefined)).toBe('--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n');
  });

  it('makes the one of the other when it is applied', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '', ' d'), { maxLength: 30 })
      .chain((some) => fc.constantFrom(some.join('\n'), `${some.join('\n')}\n`));
    fc.assert(
      fc.property(text, text, (from, to) => {
        const diff = unifiedDiff('f', from, to);
        if (diff === '') return from === to;
        writeFileSync(join(root, 'f'), from);
        execFileSync('git', ['apply', '--unsafe-paths', '--whitespace=nowarn', '-'], {
          ...{ cwd: root, input: diff, stdio: ['pipe', 'ignore', 'inherit'] },
        });
        return readFileSync(join(root, 'f'), 'utf8') === to;
      }),
      { numRuns: 40 },
    );
  });

  it('of two large files with nothing in common comes at once', () => {
    const other = lines(5000).replaceAll('line', 'row');
    const diff = unifiedDiff('f', lines(5000), other);
    expect(diff.split('\n')).toHaveLength(10_000 + 4);
  });
});
