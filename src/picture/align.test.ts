import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignRows } from './align.ts';
import { diffListings } from './diff.ts';
import { type ListingRow, sizeOfRows } from './listing.ts';

/** `RUN pip install#21`: an instruction and, after `#`, its size. */
function rows(...lines: readonly string[]): readonly ListingRow[] {
  return lines.map((line) => {
    const [createdBy = '', size] = line.split('#');
    return { createdBy, size: Number(size ?? 0), layer: size !== undefined };
  });
}

/** `=` the same, `~` changed, `-` removed, `+` added. */
function drawn(from: readonly string[], to: readonly string[]): readonly string[] {
  const model = diffListings({ name: 'a', rows: rows(...from) }, { name: 'b', rows: rows(...to) });
  return model.rows.map((row) => {
    if (row.kind === 'same') return `=${row.to.createdBy}`;
    if (row.kind === 'changed') return `~${row.from.createdBy}>${row.to.createdBy}`;
    return row.kind === 'removed' ? `-${row.from.createdBy}` : `+${row.to.createdBy}`;
  });
}

describe('two listings, lined up', () => {
  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['equal', ['CMD x', 'RUN a#1'], ['CMD x', 'RUN a#1'], ['=CMD x', '=RUN a']],
    ['a row more', ['RUN a#1'], ['CMD x', 'RUN a#1'], ['+CMD x', '=RUN a']],
    [
      'a row less in the middle',
      ['CMD x', 'ENV A=1', 'RUN a#1'],
      ['CMD x', 'RUN a#1'],
      ['=CMD x', '-ENV A=1', '=RUN a'],
    ],
    ['another size', ['COPY a /a#1'], ['COPY a /a#2'], ['~COPY a /a>COPY a /a']],
    [
      'another form of the same',
      ['CMD ["flask" "run"]', 'RUN a#1'],
      ['ENTRYPOINT ["flask" "run"]', 'RUN a#1'],
      ['~CMD ["flask" "run"]>ENTRYPOINT ["flask" "run"]', '=RUN a'],
    ],
    [
      'the same verb for another thing',
      ['ENV LANG=C', 'RUN a#1'],
      ['ENV PATH=/bin', 'RUN a#1'],
      ['-ENV LANG=C', '+ENV PATH=/bin', '=RUN a'],
    ],
    [
      'another base',
      ['COPY a /a#1', 'debian#9'],
      ['COPY a /a#1', 'apko#2'],
      ['=COPY a /a', '~debian>apko'],
    ],
    [
      'a base that is further up on the other side',
      ['COPY a /a#1', 'debian#9'],
      ['debian#9', 'RUN x#1'],
      ['-COPY a /a', '=debian', '+RUN x'],
    ],
    ['an empty one', [], ['RUN a#1'], ['+RUN a']],
  ])('%s', (_, from, to, expected) => {
    expect(drawn(from, to)).toEqual(expected);
  });

  it('prefer one equal row to two that are alike', () => {
    expect(
      drawn(['COPY a /x#1', 'COPY b /x#2', 'base#9'], ['COPY b /x#2', 'COPY c /x#3', 'base#9']),
    ).toEqual(['-COPY a /x', '=COPY b /x', '+COPY c /x', '=base']);
  });

  it('are not compared row by row when they are endless', () => {
    const many = (name: string) =>
      rows('CMD x', ...Array.from({ length: 50_000 }, (_, i) => `RUN ${name} ${i}#1`), 'base#1');
    const pairs = alignRows(many('a'), many('b'));
    expect(pairs.filter(({ same }) => same)).toHaveLength(2);
  });
});

const someRows = fc.array(
  fc.record({
    createdBy: fc.constantFrom('RUN a b', 'RUN a c', 'COPY x y', 'ADD x y', 'ENV A=1', '', 'apko'),
    size: fc.constantFrom(0, 1, 7),
    layer: fc.constantFrom(true, false, undefined),
  }),
  { maxLength: 12 },
);

describe('whatever two listings are', () => {
  it('every row of both is there exactly once, and in its order', () => {
    fc.assert(
      fc.property(someRows, someRows, (from, to) => {
        const model = diffListings({ name: 'a', rows: from }, { name: 'b', rows: to });
        expect(model.rows.flatMap((row) => row.from ?? [])).toEqual(from);
        expect(model.rows.flatMap((row) => row.to ?? [])).toEqual(to);
      }),
    );
  });

  it('the sizes add up, on each side and in the difference', () => {
    fc.assert(
      fc.property(someRows, someRows, (from, to) => {
        const model = diffListings({ name: 'a', rows: from }, { name: 'b', rows: to });
        expect(model.from.size).toBe(sizeOfRows(from));
        expect(model.to.size).toBe(sizeOfRows(to));
        const changes = model.rows.map((row) => (row.to?.size ?? 0) - (row.from?.size ?? 0));
        expect(changes.reduce((a, b) => a + b, 0)).toBe(model.to.size - model.from.size);
      }),
    );
  });

  it('rows are called the same only when they are, and twins name each other', () => {
    fc.assert(
      fc.property(someRows, someRows, (from, to) => {
        const { rows: drawnRows } = diffListings(
          { name: 'a', rows: from },
          { name: 'b', rows: to },
        );
        for (const [index, row] of drawnRows.entries()) {
          if (row.kind === 'same') expect(row.from.size).toBe(row.to.size);
          if (row.twin === undefined) continue;
          const twin = drawnRows[row.twin];
          expect(twin?.twin).toBe(index);
          expect([row.kind, twin?.kind].toSorted()).toEqual(['added', 'removed']);
        }
      }),
    );
  });

  it('a listing beside itself has no change', () => {
    fc.assert(
      fc.property(someRows, (one) => {
        const model = diffListings({ name: 'a', rows: one }, { name: 'a', rows: one });
        expect(model.rows.every(({ kind }) => kind === 'same')).toBe(true);
      }),
    );
  });
});
