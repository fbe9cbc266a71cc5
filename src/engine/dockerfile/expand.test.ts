import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../errors.ts';
import { expand, expandHeredoc, expandWords, lex } from './expand.ts';
import { readTable } from './testing-table.ts';

const { env, rows } = readTable(
  readFileSync(join(import.meta.dirname, 'testdata', 'expand.txt'), 'utf8'),
);

/** The result, or `! ` and the message, as in the table. */
function outcome(word: string, escape: '\\' | '`' = '\\'): string {
  try {
    return expand(word, env, escape);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    expect(error.code).toBe('bad-substitution');
    return `! ${error.message}`;
  }
}

test('the table is not empty', () => {
  expect(rows.length).toBeGreaterThan(200);
});

test.each(rows)('$line: $input', ({ input, expected }) => {
  expect(outcome(input)).toBe(expected);
});

describe('with # escape=`', () => {
  test.each([
    ['c:\\dir\\$x', 'c:\\dir\\abcabc'],
    ['`$x', '$x'],
    ['"a`"b\\c"', 'a"b\\c'],
    ['a` b', 'a b'],
    ['${unset:-`}}', '}'],
  ])('%s', (word, expected) => {
    expect(outcome(word, '`')).toBe(expected);
  });
});

describe('expandWords splits at spaces that are not quoted, after substitution', () => {
  test.each([
    ['$two', ['a', 'b']],
    ['"$two"', ['a b']],
    ['x$two', ['xa', 'b']],
    ['$two$two', ['a', 'ba', 'b']],
    ["a' 'b c", ['a b', 'c']],
    ['a\\ b c', ['a b', 'c']],
    ['$empty', []],
    ['""', []],
    ['  a   b  ', ['a', 'b']],
    ['a\u0085b\u00a0c\u2003d', ['a', 'b', 'c', 'd']],
    // U+FEFF is a space to JavaScript and not to Go.
    ['a\ufeffb', ['a\ufeffb']],
  ])('%s', (word, expected) => {
    expect(expandWords(word, env, '\\')).toEqual(expected);
  });
});

describe('expandHeredoc leaves quotes alone', () => {
  test.each([
    ['it\'s "$x"\n', 'it\'s "abcabc"\n'],
    ['\\$x \\\\ \\a\n', '$x \\ a\n'],
    ["'$x' ${unset:-'d'}", "'abcabc' 'd'"],
  ])('%j', (content, expected) => {
    expect(expandHeredoc(content, env)).toBe(expected);
  });
});

describe('lex tells which names were used', () => {
  test.each([
    ['$x ${empty} $nope', ['empty', 'x'], ['nope']],
    ['${unset:-$nope}', [], ['nope']],
    ['${unset:-d} ${unset+e}', [], []],
    ["'$x' \\$x", [], []],
  ])('%s', (word, matched, unmatched) => {
    const found = lex(word, env, '\\');
    expect([...found.matched].sort()).toEqual(matched);
    expect([...found.unmatched].sort()).toEqual(unmatched);
  });
});

test.each([
  [
    '${nope} $nope ${nope:-d} ${nope/a/b} ${nope#a}',
    '${nope} $nope ${nope:-d} ${nope/a/b} ${nope#a}',
  ],
  ['$x ${nope:-$x}', 'abcabc ${nope:-abcabc}'],
])('keepUnset leaves what is not set: %s', (word, expected) => {
  expect(lex(word, env, '\\', { keepUnset: true }).result).toBe(expected);
});

test.each([['"a \'b" \'c "\'', '"a \'b" \'c "\'']])(
  'rawQuotes keeps quotes: %s',
  (word, expected) => {
    expect(lex(word, env, '\\', { rawQuotes: true }).result).toBe(expected);
  },
);

describe('what untrusted words cannot do', () => {
  const codeOf = (work: () => unknown): string => {
    try {
      work();
      return 'none';
    } catch (error) {
      return error instanceof EngineError ? error.code : String(error);
    }
  };

  test('nest without end', () => {
    const nested = (depth: number) => '${u:-'.repeat(depth) + '}'.repeat(depth);
    expect(codeOf(() => expand(nested(100_000), env, '\\'))).toBe('substitution-too-deep');
    expect(codeOf(() => expand(nested(400), env, '\\'))).toBe('none');
  });

  test('double until the memory is full', () => {
    const values = new Map([['a', 'x'.repeat(1024)]]);
    const grow = () => {
      for (let i = 0; i < 40; i++) values.set('a', expand('$a$a', values, '\\'));
    };
    expect(codeOf(grow)).toBe('expansion-too-long');
  });

  test('make a pattern that takes forever', () => {
    const values = new Map([['a', 'a'.repeat(2_000)]]);
    const pattern = 'a*'.repeat(50);
    expect(expand(`\${a##${pattern}b}`, values, '\\')).toBe('a'.repeat(2_000));
    expect(expand(`\${a%%b${pattern}}`, values, '\\')).toBe('a'.repeat(2_000));
    expect(expand(`\${a//${pattern}b/x}`, values, '\\')).toBe('a'.repeat(2_000));
    expect(expand(`\${a//${pattern}/x}`, values, '\\')).toBe('x');
    const long = new Map([['a', 'a'.repeat(1_000_000)]]);
    expect(codeOf(() => expand(`\${a##${pattern}b}`, long, '\\'))).toBe('pattern-too-long');
    expect(codeOf(() => expand('${a##*b}', long, '\\'))).toBe('none');
  });
});
