import { describe, expect, it } from 'vitest';
import { measureAll } from './report.ts';
import { median, rowOf } from './row.ts';
import { table } from './table.ts';

describe('the median', () => {
  it.each([
    [[], null],
    [[7], 7],
    [[9, 1, 5], 5],
    [[4, 1, 3, 100], 3.5],
  ])('of %j is %j', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('a row', () => {
  const faster = { of: 'ratio', is: '<', limit: 1 } as const;
  const base = { id: 'x', name: 'x', unit: 'ms' } as const;

  it('compares medians and keeps the spread', () => {
    const row = rowOf('g', { ...base, runs: [3, 1, 2], reference: [4, 8], goal: faster });
    expect(row).toMatchObject({
      ...{ value: 2, reference: 6, ratio: 1 / 3, goal: 'ratio < 1', met: true },
      ...{ spread: [1, 3], referenceSpread: [4, 8], reason: null },
    });
  });

  it.each([
    ['value', '<', 10, 10, false],
    ['value', '<=', 10, 10, true],
    ['ratio', '<', 2, 5, false],
    ['ratio', '<', 2, 2, true],
  ] as const)('goal: %s %s %d is met by %d: %s', (of, is, limit, value, met) => {
    const goal = { of, is, limit };
    expect(rowOf('g', { ...base, runs: [value], reference: [2], goal }).met).toBe(met);
  });

  it('meets nothing and misses nothing when it could not be measured, and says why', () => {
    const row = rowOf('g', { ...base, runs: [], goal: faster, reason: 'no Docker' });
    expect(row).toMatchObject({ value: null, ratio: null, met: null, reason: 'no Docker' });
    expect(table([row])).toContain('x: no Docker');
  });

  it('without value and without reason is a bug', () => {
    expect(() => rowOf('g', { ...base, runs: [] })).toThrow('x: no value and no reason');
  });
});

describe('measuring', () => {
  it('goes on after a group that fails, and keeps what that group had', async () => {
    const rows = await measureAll(
      [
        {
          name: 'bad',
          about: 'breaks',
          async *measure() {
            yield { id: 'bad.first', name: 'first', unit: 'B' as const, runs: [1500] };
            throw new Error('out of luck');
          },
        },
        {
          name: 'good',
          about: 'works',
          async *measure() {
            yield { id: 'good.one', name: 'one', unit: 'ms' as const, runs: [1] };
          },
        },
      ],
      () => undefined,
    );
    expect(rows.map(({ id, value, reason }) => [id, value, reason])).toEqual([
      ['bad.first', 1500, null],
      ['bad', null, 'out of luck'],
      ['good.one', 1, null],
    ]);
    expect(table(rows)).toMatch(/bad\s+first\s+1\.5 kB/);
  });
});
