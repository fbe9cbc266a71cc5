import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dir, file, hardlink, opaque, symlink, whiteout } from '../../testing/entries.ts';
import { sortEntries } from './sort.ts';

describe('the order of a layer', () => {
  test('directories first, names by bytes, what is removed before what is brought', () => {
    const sorted = [
      dir(''),
      opaque(''),
      whiteout('-old'),
      whiteout('b'),
      file('-new'),
      dir('a'),
      opaque('a'),
      whiteout('a/z'),
      file('a/a'),
      dir('a/b'),
      file('a/b/c'),
      symlink('a-b', 'a'),
      file('b'),
    ];
    expect(sortEntries([...sorted].reverse())).toEqual(sorted);
  });

  test('a path is there once, but a file and a whiteout of what it replaces may meet', () => {
    expect(() => sortEntries([file('a'), dir('a')])).toThrow('twice in one layer: "a"');
    const types = sortEntries([file('a'), whiteout('a')]).map((entry) => entry.type);
    expect(types).toEqual(['whiteout', 'file']);
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
