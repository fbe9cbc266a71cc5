import { describe, expect, it } from 'vitest';
import { runsOf, scriptOf } from '../testing/lesson-run.ts';
import { anchorOf } from './anchors.ts';
import { type Command, parseCommand } from './commands.ts';
import { parseLiteral } from './literal.ts';

const fence = (meta: string) => ({ lang: 'sh', meta, text: 'ls', line: 1 });

describe('a fence', () => {
  it.each([
    ['run', { where: 'here', exit: 0, says: [] }],
    ['own', { where: 'own', exit: 0, says: [] }],
    ['run exit=127 says="not found"', { where: 'here', exit: 127, says: ['not found'] }],
    ['run says="a" says2="b c"', { where: 'here', exit: 0, says: ['a', 'b c'] }],
  ])('```sh %s', (meta, command) => {
    expect(parseCommand(fence(meta))).toEqual({ script: 'ls', line: 1, ...command });
  });

  it.each([fence(''), { ...fence('run'), lang: 'text' }])('that is no command', (one) => {
    expect(parseCommand(one)).toBeUndefined();
  });
});

describe('a property', () => {
  it.each([
    ['1', 1],
    ['"a"', 'a'],
    ['[\'a, b\', "c"]', ['a, b', 'c']],
    ["['it\\'s',]", ["it's"]],
    ['true', true],
    ['a + b', undefined],
    ["['a' 'b']", undefined],
    ['"a" + "b"', undefined],
  ])('{%s}', (text, value) => {
    expect(parseLiteral(text)).toEqual(value);
  });
});

describe('the id of a heading', () => {
  it.each([
    ['O que as pessoas erram', 'o-que-as-pessoas-erram'],
    ['Lição: é já?', 'licao-e-ja'],
    ['`docker history` --no-trunc', 'docker-history-no-trunc'],
  ])('%s', (heading, anchor) => {
    expect(anchorOf(heading)).toBe(anchor);
  });
});

describe('what a shell printed', () => {
  const commands: readonly Command[] = [1, 2].map((line) => ({
    ...{ script: `cmd${line}`, where: 'here', exit: 0, says: [], line },
  }));

  it('is told apart by the line after each command', () => {
    expect(scriptOf(commands, 'M')).toBe(
      "exec 2>&1\ncmd1\nprintf '\\n%s %d\\n' 'M' $?\ncmd2\nprintf '\\n%s %d\\n' 'M' $?\n",
    );
    expect(runsOf(commands, 'one\n\nM 0\ntwo\nM 127\n', 'M')).toMatchObject([
      { exit: 0, output: 'one\n' },
      { exit: 127, output: 'two' },
    ]);
  });

  it('ends where the shell did', () => {
    expect(runsOf(commands, 'one\n\nM 0\ntwo', 'M')).toMatchObject([
      { exit: 0, output: 'one\n' },
      { exit: undefined, output: 'two' },
    ]);
  });
});
