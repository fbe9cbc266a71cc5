import { describe, expect, it } from 'vitest';
import { shareAfter } from './splitter.ts';

describe('the bar between two parts', () => {
  it.each([
    ['ArrowLeft', true, 56],
    ['ArrowRight', true, 64],
    ['ArrowUp', true, undefined],
    ['ArrowUp', false, 56],
    ['ArrowDown', false, 64],
    ['Home', true, 20],
    ['End', false, 85],
    ['Enter', true, undefined],
  ])('%s (columns: %s) goes from 60 to %s', (key, isColumns, share) => {
    expect(shareAfter(key, 60, isColumns)).toBe(share);
  });
});
