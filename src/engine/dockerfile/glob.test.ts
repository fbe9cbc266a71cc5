import { describe, expect, test } from 'vitest';
import { codeOf } from '../../testing/hostile.ts';
import { cleanGoPath, compileGlob, hasWildcard, splitWildcard } from './glob.ts';

describe('Go filepath.Match', () => {
  test.each([
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['*', 'abc', true],
    ['*', 'a/b', false],
    ['*', '', true],
    ['a*', 'a', true],
    ['a*', 'ab/c', false],
    ['a*/b', 'abc/b', true],
    ['a*/b', 'a/c/b', false],
    ['a*b*c', 'axbxc', true],
    ['a*b*c', 'axcxb', false],
    ['*x*y', 'xxyyxy', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a?c', 'a😀c', true],
    ['[ab]c', 'bc', true],
    ['[ab]c', 'cc', false],
    ['[a-c]', 'b', true],
    ['[a-c]', 'd', false],
    ['[^a-c]', 'd', true],
    ['[^a-c]', 'b', false],
    // Only ^ negates; and a class may be a slash.
    ['[!a]', '!', true],
    ['a[^b]c', 'a/c', true],
    ['[]-a]', '-', undefined],
    ['[\\]]', ']', true],
    ['[x\\-]', '-', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a\\bc', 'abc', true],
    ['**', 'ab', true],
    ['**', 'a/b', false],
    ['[', 'a', undefined],
    ['[a', 'a', undefined],
    ['[-]', '-', undefined],
    ['[a-]', 'a', undefined],
    ['a\\', 'a', undefined],
  ])('%s on %s', async (pattern, name, expected) => {
    if (expected === undefined) {
      expect(await codeOf(() => compileGlob(pattern))).toBe('bad-pattern');
    } else {
      expect(compileGlob(pattern)(name)).toBe(expected);
    }
  });

  test('a pattern of stars is answered at once', () => {
    const stars = '*a'.repeat(200);
    expect(compileGlob(`${stars}b`)('a'.repeat(4_000))).toBe(false);
    expect(compileGlob(stars)('a'.repeat(4_000))).toBe(true);
  });
});

test.each([
  ['', '.'],
  ['.', '.'],
  ['./a//b/./c/', 'a/b/c'],
  ['a/../b', 'b'],
  ['../a', '../a'],
  ['a/../../b', '../b'],
  ['/../a', '/a'],
  ['/', '/'],
  ['//a', '/a'],
])('filepath.Clean of %j is %j', (path, cleaned) => {
  expect(cleanGoPath(path)).toBe(cleaned);
});

test.each([
  ['/src/*.go', '/src', '*.go'],
  ['/*.go', '/', '*.go'],
  ['*.go', '.', '*.go'],
  ['a/b?/c*/d', 'a', 'b?/c*/d'],
  ['/a/b', '/a/b', ''],
  ['a/../b*', '.', 'b*'],
  ['/a/\\*/b', '/a/\\*/b', ''],
  ['/a/[b]/c', '/a', '[b]/c'],
])('splitWildcard(%s)', (source, base, pattern) => {
  expect(splitWildcard(source)).toEqual({ base, pattern });
});

test.each([
  ['a*', true],
  ['a\\*', false],
  ['a\\\\*', true],
  ['[', true],
  ['a]', false],
])('hasWildcard(%s) is %s', (text, expected) => {
  expect(hasWildcard(text)).toBe(expected);
});
