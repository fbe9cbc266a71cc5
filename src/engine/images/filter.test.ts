import { expect, test } from 'vitest';
import { filterImages } from './filter.ts';

// Docker says the same, with the two values in an order that changes from run to run.
test('two answers to one question are refused', () => {
  expect(() => filterImages([], ['dangling=true', 'dangling=false'], 0)).toThrow(
    /^invalid filter 'dangling=\[(true false|false true)\]'$/,
  );
  expect(filterImages([], ['dangling=true', 'dangling=true'], 0)).toEqual([]);
});
