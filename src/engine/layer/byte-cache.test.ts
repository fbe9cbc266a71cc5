import { expect, test } from 'vitest';
import { byteCache } from './byte-cache.ts';

const bytes = (length: number): Uint8Array => new Uint8Array(length);

test('what was used longest ago goes first', () => {
  const cache = byteCache(10);
  cache.set('a', bytes(4));
  cache.set('b', bytes(4));
  cache.get('a');
  cache.set('c', bytes(4));
  expect(['a', 'b', 'c'].map((key) => cache.get(key)?.length)).toEqual([4, undefined, 4]);
});

test('what is replaced is counted once', () => {
  const cache = byteCache(10);
  for (let i = 0; i < 9; i++) cache.set('a', bytes(5));
  cache.set('b', bytes(5));
  expect(cache.get('a')).toHaveLength(5);
  expect(cache.get('b')).toHaveLength(5);
});

test('what is dropped is gone, all that begins so, and leaves its room', () => {
  const cache = byteCache(10);
  for (const key of ['a', 'a 1', 'b']) cache.set(key, bytes(3));
  cache.drop('a');
  cache.set('c', bytes(7));
  expect(['a', 'a 1', 'b', 'c'].map((key) => cache.get(key)?.length)).toEqual([
    ...[undefined, undefined, 3, 7],
  ]);
});

test('what is larger than all of it is not kept, and drives nothing out', () => {
  const cache = byteCache(10);
  cache.set('a', bytes(5));
  cache.set('b', bytes(11));
  expect(cache.get('b')).toBeUndefined();
  expect(cache.get('a')).toHaveLength(5);
});
