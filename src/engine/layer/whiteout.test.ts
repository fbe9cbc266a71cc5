import { describe, expect, test } from 'vitest';
import { dir, file, opaque, whiteout } from '../../testing/entries.ts';
import { codeOf } from '../../testing/hostile.ts';
import { layerName, readWhiteout } from './whiteout.ts';

describe('names that say what a layer removes', () => {
  test.each([
    ['.wh.a', { type: 'whiteout', path: 'a' }],
    ['etc/.wh.passwd', { type: 'whiteout', path: 'etc/passwd' }],
    ['etc/.wh..hidden', { type: 'whiteout', path: 'etc/.hidden' }],
    ['etc/.wh....', { type: 'whiteout', path: 'etc/...' }],
    ['etc/.wh..wh..opq', { type: 'opaque', path: 'etc' }],
    ['.wh..wh..opq', { type: 'opaque', path: '' }],
    ['etc/passwd', undefined],
    ['etc/a.wh.b', undefined],
    ['etc/.wh', undefined],
    ['etc/.whx.y', undefined],
    ['', undefined],
  ])('%j', (path, expected) => {
    expect(readWhiteout(path)).toEqual(expected);
  });

  test.each([
    ['nothing', '.wh.'],
    ['nothing, in a directory', 'etc/.wh.'],
    ['the directory itself', 'etc/.wh..'],
    ['the directory above', 'etc/.wh...'],
    ['a whiteout', 'etc/.wh..wh.x'],
    ['what AUFS kept for itself', '.wh..wh.plnk'],
    ['a directory of whiteouts', '.wh.a/b'],
    ['a directory of whiteouts, deeper', 'a/.wh..wh..opq/b'],
  ])('a whiteout of %s is refused', async (_, path) => {
    expect(await codeOf(() => readWhiteout(path))).toBe('whiteout-invalid');
  });
});

describe('names in a layer', () => {
  test.each([
    [whiteout('etc/passwd'), 'etc/.wh.passwd'],
    [whiteout('a'), '.wh.a'],
    [opaque('etc'), 'etc/.wh..wh..opq'],
    [opaque(''), '.wh..wh..opq'],
    [file('etc/a.wh.b'), 'etc/a.wh.b'],
    [dir(''), ''],
  ])('%j', (entry, name) => {
    expect(layerName(entry)).toBe(name);
  });

  test.each([[file('etc/.wh.passwd')], [file('.wh.a')], [dir('.wh.d')], [file('.wh.d/x')]])(
    'a file that would be read as a whiteout is refused: %j',
    async (entry) => {
      expect(await codeOf(() => layerName(entry))).toBe('whiteout-invalid');
    },
  );

  test.each([[whiteout('')], [whiteout('etc/.wh.x')]])(
    'a whiteout of nothing: %j',
    async (entry) => {
      expect(await codeOf(() => layerName(entry))).toBe('whiteout-invalid');
    },
  );
});
