import { describe, expect, test } from 'vitest';
import { dir, file, hardlink, opaque, symlink, whiteout } from '../../testing/entries.ts';
import { shadowedFiles, wastedBytes } from './shadowed.ts';

const BASE = [dir('d'), file('d/a', '12345'), file('d/b', '123'), file('c', '1')];

describe('files one layer stores and a later one hides', () => {
  test.each([
    ['nothing is hidden by a new file', [file('d/new', 'x')], []],
    ['a directory listed again hides nothing', [dir('d', { mode: 0o700 })], []],
    ['a file replaced', [file('d/a', 'x')], ['d/a replaced 5']],
    ['a file replaced by a link', [symlink('d/a', 'b')], ['d/a replaced 5']],
    ['a file replaced by a hard link', [hardlink('d/a', 'c')], ['d/a replaced 5']],
    ['a file removed', [whiteout('d/b')], ['d/b removed 3']],
    ['a directory removed, with all in it', [whiteout('d')], ['d/a removed 5', 'd/b removed 3']],
    ['a directory emptied', [opaque('d'), file('d/a', 'x')], ['d/a removed 5', 'd/b removed 3']],
    ['an emptied root', [opaque('')], ['d/a removed 5', 'd/b removed 3', 'c removed 1']],
    ['a directory replaced by a file', [file('d', '')], ['d/a replaced 5', 'd/b replaced 3']],
    ['a name that only begins alike stays', [whiteout('d/')], []],
  ])('%s', (_, top, expected) => {
    const hidden = shadowedFiles([BASE, top]);
    expect(hidden.map(({ path, how, bytes }) => `${path} ${how} ${bytes}`)).toEqual(expected);
    expect(hidden.every(({ layer, by }) => layer === 0 && by === 1)).toBe(true);
  });

  test('each copy counts once, with the layer that hides it', () => {
    const hidden = shadowedFiles([[file('x', '1')], [file('x', '22')], [whiteout('x')]]);
    expect(hidden).toEqual([
      { path: 'x', bytes: 1, layer: 0, by: 1, how: 'replaced' },
      { path: 'x', bytes: 2, layer: 1, by: 2, how: 'removed' },
    ]);
    expect(wastedBytes(hidden)).toBe(3);
  });

  test('a name twice in one layer is not stored twice', () => {
    expect(shadowedFiles([[file('x', '1'), file('x', '22')]])).toEqual([]);
  });

  test('50,000 files are looked through at once, directories deep within them included', () => {
    const many = Array.from({ length: 50_000 }, (_, i) => file(`a/b/${i % 100}/${i}`, '1'));
    const began = performance.now();
    const hidden = shadowedFiles([many, [symlink('a/b/7', 'x'), whiteout('a/b/8')]]);
    expect(performance.now() - began).toBeLessThan(2000);
    expect(hidden).toHaveLength(1000);
  });
});
