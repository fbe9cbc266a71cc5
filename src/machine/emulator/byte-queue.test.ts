import { describe, expect, test } from 'vitest';
import { ByteQueue } from './byte-queue.ts';

describe('a byte queue', () => {
  test.each([
    ['nothing', [], 4, [], 0],
    ['less than there is', [[1, 2, 3]], 2, [1, 2], 1],
    ['all there is, when more is asked for', [[1, 2, 3]], 9, [1, 2, 3], 0],
    ['across pieces', [[1], [], [2, 3], [4]], 3, [1, 2, 3], 1],
  ])('gives %s', (_, pieces, limit, taken, left) => {
    const queue = new ByteQueue();
    for (const piece of pieces) queue.push(Uint8Array.from(piece));
    expect([...queue.take(limit)]).toEqual(taken);
    expect(queue.size).toBe(left);
  });

  test('keeps the order whatever sizes come and go', () => {
    const queue = new ByteQueue();
    const got: number[] = [];
    for (let i = 0; i < 256; i += 8) {
      queue.push(Uint8Array.from({ length: 8 }, (_, j) => i + j));
      got.push(...queue.take(i % 13));
    }
    got.push(...queue.take(1000));
    expect(got).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });
});
