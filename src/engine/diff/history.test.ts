import { describe, expect, test } from 'vitest';
import { digestOf } from '../oci/digest.ts';
import { utf8 } from '../bytes.ts';
import { nodePlatform } from '../../cli/node-platform.ts';
import { alignHistories, type AlignedRow, compareLayers } from './history.ts';

const platform = nodePlatform();
const id = (text: string) => digestOf(platform, utf8(text));

/** `COPY a /#1`: the instruction and, after `#`, what its layer holds. */
function rows(...lines: readonly string[]): readonly AlignedRow[] {
  return lines.map((line) => {
    const [createdBy = '', layer] = line.split('#');
    const row = { createdBy, comment: '', size: 0 };
    return layer === undefined ? { row } : { row, diffId: id(layer) };
  });
}

describe('two histories side by side', () => {
  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['equal', ['A#1', 'B'], ['A#1', 'B'], ['=A', '=B']],
    ['a row added at the end', ['A#1'], ['A#1', 'B'], ['=A', '+B']],
    ['a row removed in the middle', ['A#1', 'B', 'C#2'], ['A#1', 'C#2'], ['=A', '-B', '=C']],
    ['the same words, another layer', ['COPY a#1'], ['COPY a#2'], ['~COPY a>COPY a']],
    [
      'the same verb, other words',
      ['RUN x#1', 'CMD 1'],
      ['RUN y#2', 'CMD 2'],
      ['~RUN x>RUN y', '~CMD 1>CMD 2'],
    ],
    ['nothing in common', ['RUN x#1'], ['COPY y#2'], ['-RUN x', '+COPY y']],
    ['an empty history', [], ['COPY y#2'], ['+COPY y']],
    [
      'an insertion before a changed row',
      ['COPY a#1'],
      ['ENV x', 'COPY a#2'],
      ['+ENV x', '~COPY a>COPY a'],
    ],
  ])('%s', (_, from, to, expected) => {
    const lines = alignHistories(rows(...from), rows(...to)).map((change) => {
      if (change.kind === 'same') return `=${change.to.createdBy}`;
      if (change.kind === 'added') return `+${change.to.createdBy}`;
      if (change.kind === 'removed') return `-${change.from.createdBy}`;
      return `~${change.from.createdBy}>${change.to.createdBy}`;
    });
    expect(lines).toEqual(expected);
  });

  test('a history of a hundred thousand rows is not compared pair by pair', () => {
    const long = (end: string) => rows(...Array.from({ length: 100_000 }, (_, i) => `${end}${i}`));
    expect(alignHistories(long('A'), long('B'))).toHaveLength(200_000);
  });
});

describe('two stacks of layers', () => {
  const layers = (...names: readonly string[]) =>
    names.map((name) => ({ diffId: id(name), size: 1, createdBy: name }));
  const kinds = (a: readonly string[], b: readonly string[]) =>
    compareLayers(layers(...a), layers(...b)).map(({ kind, createdBy }) => `${kind} ${createdBy}`);

  test('share what they have in common from the bottom', () => {
    expect(kinds(['1', '2'], ['1', '3'])).toEqual(['shared 1', 'removed 2', 'added 3']);
  });

  test('do not share an equal layer that stands on another base', () => {
    expect(kinds(['1', '2'], ['3', '2'])).toEqual(['removed 1', 'removed 2', 'added 3', 'added 2']);
  });
});
