import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference, lineEndOf } from './line-ends.ts';

describe('line ends', () => {
  it.each([
    ['a\r\nb\r\n', '\r\n'],
    ['a\nb', '\n'],
    ['a\r\nb\n', '\n'],
    ['', '\n'],
    ['a', '\n'],
  ])('%j: %j', (text, end) => {
    expect(lineEndOf(text)).toBe(end);
  });
});

describe('the difference of two texts', () => {
  it('is the smallest piece', () => {
    expect(difference('FROM a\nRUN b\n', 'FROM a\nRUN bc\n')).toEqual({
      ...{ from: 12, to: 12, insert: 'c' },
    });
    expect(difference('aa', 'aaa')).toEqual({ from: 2, to: 2, insert: 'a' });
    expect(difference('a', 'a')).toBeUndefined();
  });

  it('makes the one into the other', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n') });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { from, to, insert } = difference(before, after) ?? { from: 0, to: 0, insert: '' };
        expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
      }),
    );
  });
});
