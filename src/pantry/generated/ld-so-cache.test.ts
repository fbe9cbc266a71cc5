import { describe, expect, it } from 'vitest';
import { compareLibraries } from './ld-so-cache.ts';

describe('the order of libraries in ld.so.cache', () => {
  it.each([
    ['libc.so.6', 'libc.so.6', 0],
    ['libc.so.10', 'libc.so.6', 1],
    ['libz.so.1', 'liba.so.1', 1],
    ['lib1.so', 'liba.so', 1],
    ['liba.so', 'lib1.so', -1],
    ['lib.so', 'lib.so.1', -1],
    ['lib007.so', 'lib7.so', 0],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareLibraries(a, b))).toBe(sign);
  });
});
