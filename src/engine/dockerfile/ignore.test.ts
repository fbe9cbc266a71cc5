import { describe, expect, test } from 'vitest';
import { codeOf } from '../../testing/hostile.ts';
import { ignorePatterns, parseDockerignore } from './ignore.ts';
import { patternMatcher } from './pattern-matcher.ts';

/** The file, one path dropped per line of the table, one kept. */
const TABLE: readonly (readonly [
  ignore: string,
  dropped: readonly string[],
  kept: readonly string[],
])[] = [
  ['', [], ['a', 'a/b', '.dockerignore']],
  ['# a\n\n  \n', [], ['a', '# a']],
  [' # a', ['# a'], ['a']],
  ['a', ['a', 'a/b', 'a/b/c'], ['ab', 'b/a']],
  ['/a', ['a', 'a/b'], ['b/a']],
  ['a/', ['a', 'a/b'], ['ab']],
  ['./a/../b', ['b', 'b/c'], ['a']],
  ['  a  ', ['a'], []],
  ['\ufeffa', ['a'], []],
  ['a\r\nb\r\n', ['a', 'b'], ['c']],
  ['*', ['a', 'a/b', '.a'], []],
  ['*.md', ['a.md', '.md'], ['d/a.md', 'a.mdx']],
  ['*/a', ['x/a', 'x/a/y'], ['a', 'x/y/a']],
  ['*/*/a', ['x/y/a'], ['x/a']],
  ['a?', ['ab'], ['a', 'abc', 'a/']],
  ['**/a', ['a', 'x/a', 'x/y/a', 'x/a/z'], ['xa', 'x/ya']],
  ['**/*.go', ['a.go', 'x/a.go', 'x/y/a.go'], ['a.goo']],
  ['a/**', ['a/b', 'a/b/c'], ['a', 'ab']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a', 'a/bc']],
  ['**', ['a', 'a/b'], []],
  ['a**', ['a', 'ab', 'ab/c'], ['ba']],
  ['**a', ['a', 'ba', 'x/ba'], ['ab']],
  ['[ab]', ['a', 'b'], ['c']],
  ['[^ab]', ['c'], ['a']],
  ['\\*', ['*'], ['a']],
  ['*\n!a', ['b', 'b/a'], ['a', 'a/x']],
  ['!a\n*', ['a', 'b'], []],
  ['*.md\n!README.md', ['a.md'], ['README.md']],
  ['*.md\n!README*.md\nREADME-secret.md', ['a.md', 'README-secret.md'], ['README-a.md']],
  ['a\n!a/b', ['a', 'a/c', 'a/bc'], ['a/b', 'a/b/x']],
  ['a\n!a/b\na/b/c', ['a/b/c', 'a/b/c/d'], ['a/b', 'a/b/d']],
  ['**/x\n!y/x', ['x', 'z/x'], ['y/x']],
  ['a/*\n!a/b', ['a/c'], ['a', 'a/b']],
  ['! a', [], ['a']],
  ['é', ['é'], ['e']],
  ['..', [], ['a', 'a/b']],
  ['../a', [], ['a']],
  ['.', [], ['a']],
  ['.*', ['.git', '.git/x'], ['a', 'a/.b']],
];

describe.each(TABLE)('%j', (ignore, dropped, kept) => {
  const rules = parseDockerignore(ignore);
  test.each(dropped.map((path) => [path]))('drops %s', (path) => {
    expect(rules.verdict(path)).toBe('drop');
  });
  test.each(kept.map((path) => [path]))('keeps %s', (path) => {
    expect(rules.verdict(path)).toBe('keep');
  });
});

test.each([
  ['a', 'a', false],
  ['a', 'b', true],
  ['a\n!a/b', 'a', true],
  ['a\n!a/b', 'a/c', false],
  ['a\nx\n!a/b/c', 'a/b', true],
  ['a\nx\n!a/b/c', 'x', false],
  ['*\n!**/keep', 'x', true],
  ['*\n!keep/**', 'keep', true],
  ['*\n!keep/**', 'other', false],
])('%j: whether %s must be walked', (ignore, directory, expected) => {
  expect(parseDockerignore(ignore).mustWalk(directory)).toBe(expected);
});

test.each([['['], ['a\n[b'], ['!'], ['a\\']])('refuses %j', async (ignore) => {
  expect(await codeOf(() => parseDockerignore(ignore))).toBe('bad-pattern');
});

test('patterns are cleaned', () => {
  expect(ignorePatterns('# no\n /a/b/ \n!  ./c//d \n.\n/\n')).toEqual(['a/b', '!c/d', '.', '/']);
});

describe('patterns as COPY --exclude and --parents use them', () => {
  test('paths are matched with the directories above them', () => {
    const matcher = patternMatcher(['src/gen', '!src/gen/keep']);
    expect(matcher.match('src/gen/a').matched).toBe(true);
    expect(matcher.match('src/gen/keep').matched).toBe(false);
    expect(matcher.match('src/a').matched).toBe(false);
  });
});

test('two thousand patterns and deep paths are no trouble', () => {
  const ignore = Array.from({ length: 2_000 }, (_, i) => `**/x${i}/**/y`).join('\n');
  const rules = parseDockerignore(ignore);
  expect(rules.verdict(`${'d/'.repeat(50)}x7/z/y`)).toBe('drop');
  expect(rules.verdict(`${'d/'.repeat(50)}z`)).toBe('keep');
});
