import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeName } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import {
  baseName,
  cleanPath,
  comparePaths,
  isWithin,
  joinPath,
  parentPath,
  rootedPath,
  sortNames,
} from './path.ts';

describe('cleanPath', () => {
  // After the tables in umoci's and Docker's tests of unsafe paths.
  test.each([
    ['etc/passwd', 'etc/passwd'],
    ['etc/', 'etc'],
    ['/etc/passwd', 'etc/passwd'],
    ['//etc//passwd', 'etc/passwd'],
    ['./etc/./passwd', 'etc/passwd'],
    ['.', ''],
    ['./', ''],
    ['/', ''],
    ['', ''],
    ['a/../b', 'b'],
    ['a/b/../../c', 'c'],
    ['a/..', ''],
    ['./a/../.', ''],
    ['..a', '..a'],
    ['a..', 'a..'],
    ['...', '...'],
    ['a/.../b', 'a/.../b'],
    ['.hidden', '.hidden'],
    ['a\\..\\..\\b', 'a\\..\\..\\b'],
    ['C:\\x', 'C:\\x'],
    ['a\nb', 'a\nb'],
    ['a/ /b', 'a/ /b'],
    ['%2e%2e/x', '%2e%2e/x'],
    ['\udcff/x', '\udcff/x'],
  ])('%j is %j', (name, path) => {
    expect(cleanPath(name)).toBe(path);
  });

  test.each([
    '..',
    '../',
    '../etc/passwd',
    '/..',
    '/../etc/passwd',
    'a/../..',
    'a/../../b',
    './../a',
    'a/b/../../../c',
    'a//../..//b',
    'a\0',
    '\0',
    'a/\0/b',
    'a/..\0',
  ])('%j is refused', (name) => {
    try {
      cleanPath(name);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(EngineError);
      expect(error).toMatchObject({ code: 'path-escape' });
    }
  });

  test('what comes out is clean, whatever goes in', () => {
    const name = fc.array(fc.constantFrom('a', '.', '..', '/', 'b', '\0', '...', '.a'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(name, (parts) => {
        let path: string;
        try {
          path = cleanPath(parts.join(''));
        } catch {
          return;
        }
        expect(cleanPath(path)).toBe(path);
        for (const part of path === '' ? [] : path.split('/')) {
          expect(['', '.', '..']).not.toContain(part);
        }
      }),
    );
  });
});

describe('rootedPath', () => {
  test.each([
    ['../../etc', 'etc'],
    ['/a/../../b', 'b'],
    ['a/b', 'a/b'],
    ['..', ''],
  ])('%j is %j', (name, path) => {
    expect(rootedPath(name)).toBe(path);
  });

  test('NUL is refused', () => {
    expect(() => rootedPath('a\0b')).toThrow('contains NUL');
  });
});

describe('parts of paths', () => {
  test.each([
    ['a/b/c', 'a/b', 'c'],
    ['a', '', 'a'],
    ['', '', ''],
  ])('%j is in %j as %j', (path, parent, base) => {
    expect(parentPath(path)).toBe(parent);
    expect(baseName(path)).toBe(base);
    expect(joinPath(parent, base)).toBe(path);
  });

  test.each([
    ['a/b', 'a', true],
    ['a', 'a', true],
    ['ab', 'a', false],
    ['a', 'a/b', false],
    ['a', '', true],
    ['', 'a', false],
  ])('%j within %j: %j', (path, ancestor, expected) => {
    expect(isWithin(path, ancestor)).toBe(expected);
  });
});

describe('order', () => {
  test('a directory comes before what is in it, and that before its next sibling', () => {
    const sorted = ['', 'a', 'a/b', 'a/b/c', 'a-b', 'a.b', 'a0', 'b', 'é', '\uffff', '🐧'];
    expect([...sorted].reverse().sort(comparePaths)).toEqual(sorted);
  });

  test('names are ordered by their bytes', () => {
    const name = fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => {
      return String.fromCharCode(...bytes.map((byte) => (byte === 0 || byte === 0x2f ? 1 : byte)));
    });
    const names = fc.array(fc.oneof(name, fc.constantFrom('\udcff', '\uffff', '🐧', '\udc80a')));
    fc.assert(
      fc.property(names, (list) => {
        const byBytes = [...list].sort((a, b) =>
          Buffer.compare(Buffer.from(encodeName(a)), Buffer.from(encodeName(b))),
        );
        expect(sortNames(list)).toEqual(byBytes);
      }),
    );
  });
});
