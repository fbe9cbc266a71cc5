import { describe, expect, test } from 'vitest';
import { withFiles } from './folder.ts';
import { words } from './words.ts';
import { writtenRight, written, yesNo, yesOrNo } from './written.ts';

const file = 'respostas.txt';
const answers = (text: string) => written(withFiles(new Map(), { [file]: text }), file);

describe('answers in a file', () => {
  test.each([
    ['a: 1', '1'],
    ['  a :   1  ', '1'],
    ['a: "1 # 2"  # comment', '1 # 2'],
    ["a: '24.4 MB'", '24.4 MB'],
    ['a: 24.4 MB # measured', '24.4 MB'],
    ['a: b#c', 'b#c'],
    ['a: 2026-11-21T10:00', '2026-11-21T10:00'],
    ['a: 1\r\n', '1'],
    ['a: 1\na: 2', '2'],
    ['a:', undefined],
    ['a: # nothing yet', undefined],
    ['# a: 1', undefined],
    ['a', undefined],
    ['b: 1', undefined],
  ])('%j', (text, value) => {
    expect(answers(text).get('a')?.text).toBe(value);
  });

  test('keys may have dots, spaces and brackets; lines are counted from 1', () => {
    const read = answers('# head\n\nbase.size (linux/386): 22.7 MB\n');
    expect(read.get('base.size (linux/386)')).toEqual({ text: '22.7 MB', line: 3 });
    expect(read.keys).toEqual(['base.size (linux/386)']);
  });

  test('a file that is not there has no answers', () => {
    expect(written(new Map(), file).keys).toEqual([]);
  });
});

test.each([
  ['sim', true],
  ['Sim', true],
  ['yes', true],
  ['não', false],
  ['na\u0303o', false],
  ['NAO', false],
  ['no', false],
  ['talvez', undefined],
  ['', undefined],
])('%j is %j', (text, said) => {
  expect(yesOrNo(text)).toBe(said);
});

describe('questions', () => {
  const evidence = words('`/bin/sh` está lá', '`/bin/sh` is there');
  const questions = [yesNo('a', true, evidence), yesNo('b', false, evidence)];

  test('all right', () => {
    expect(writtenRight(answers('b: nao\na: sim'), questions)).toEqual({ status: 'pass' });
  });

  test('the first that is wrong is told, with its line, its evidence and how many more there are', () => {
    expect(writtenRight(answers('\nb: sim\na: não'), questions)).toEqual({
      status: 'fail',
      expected: evidence,
      found: words(
        'você respondeu `a: não` (e mais 1 linha de `respostas.txt`)',
        'you answered `a: não` (and 1 more line of `respostas.txt`)',
      ),
      where: { source: { file, line: 3 } },
    });
  });

  test('one that is missing is named', () => {
    expect(writtenRight(answers('a: sim'), questions)).toMatchObject({
      status: 'fail',
      found: { en: '`respostas.txt` has no value for `b`' },
      where: { source: { file } },
    });
  });

  test('what is neither yes nor no is said to be so', () => {
    expect(writtenRight(answers('a: talvez\nb: nao'), questions)).toMatchObject({
      status: 'fail',
      expected: { en: '`sim` (yes) or `nao` (no)' },
      found: { en: '`a: talvez`' },
    });
  });
});
