import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dir, file, hardlink, opaque, symlink, whiteout } from '../../testing/entries.ts';
import { sortEntries } from './sort.ts';

describe('the order of a layer', () => {
  test('directories first, names by bytes, what is removed before what is brought', () => {
    const sorted = [
      dir(''),
      whiteout('-old'),
      whiteout('c'),
      file('-new'),
      dir('a'),
      opaque('a'),
      file('a/a'),
      dir('a/b'),
      whiteout('a-b/z'),
      file('a-b/c'),
      symlink('a.b', 'a'),
      file('b'),
    ];
    expect(sortEntries([...sorted].reverse())).toEqual(sorted);
  });

  test('a path is there once', () => {
    expect(() => sortEntries([file('a'), dir('a')])).toThrow('twice in one layer: "a"');
    expect(sortEntries([file('a'), dir('b')])).toHaveLength(2);
  });

  test.each([
    ['a file again', [whiteout('a'), file('a')], 'file a'],
    ['a link again', [whiteout('a'), symlink('a', 'b')], 'symlink a'],
    ['a directory again', [whiteout('a'), dir('a')], 'dir a, opaque a'],
    [
      'a directory again, marked already',
      [whiteout('a'), dir('a'), opaque('a')],
      'dir a, opaque a',
    ],
    ['a directory nobody described', [whiteout('a'), file('a/b')], 'opaque a, file a/b'],
    ['nothing, and what was in it too', [whiteout('a'), whiteout('a/b/c')], 'whiteout a'],
    ['an emptied directory', [opaque('a'), whiteout('a/b/c')], 'opaque a'],
    ['something else', [whiteout('a'), file('a-b')], 'whiteout a, file a-b'],
  ])('a whiteout of what becomes %s', (_, entries, expected) => {
    const shown = sortEntries(entries).map(({ type, path }) => `${type} ${path}`);
    expect(shown.join(', ')).toBe(expected);
  });
});

describe('hard links', () => {
  const content = file('z', 'text', { mode: 0o600, uid: 5 });

  test('the first name gets the content, whichever had it', () => {
    const sorted = sortEntries([content, hardlink('a', 'z'), hardlink('m', 'z')]);
    expect(sorted).toEqual([
      { ...content, path: 'a' },
      { ...hardlink('m', 'a'), mode: 0o600, uid: 5 },
      { ...hardlink('z', 'a'), mode: 0o600, uid: 5 },
    ]);
  });

  test('a link to a link is a link to the file', () => {
    const sorted = sortEntries([file('a', 'x'), hardlink('c', 'b'), hardlink('b', 'a')]);
    expect(sorted.map((entry) => entry.target)).toEqual([undefined, 'a', 'a']);
  });

  test.each([
    ['to nothing', [hardlink('b', 'a')]],
    ['around a circle', [hardlink('a', 'b'), hardlink('b', 'a')]],
    ['to what a whiteout removes', [hardlink('b', 'a'), whiteout('a')]],
  ])('%s: a bug of the caller', (_, entries) => {
    expect(() => sortEntries(entries)).toThrow('which is not in the layer');
  });

  test('the same entries in any order give the same layer', () => {
    const entries = [
      dir('d'),
      file('d/x', '1'),
      hardlink('a', 'd/x'),
      hardlink('e', 'a'),
      whiteout('d/y'),
      symlink('s', 'd'),
    ];
    const once = sortEntries(entries);
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        expect(JSON.stringify(sortEntries(shuffled))).toBe(JSON.stringify(once));
      }),
    );
  });
});
