import { describe, expect, it } from 'vitest';
import { languageFor } from './language.ts';
import { paintFor } from './paint.ts';
import { tableLines } from './table.ts';
import { columnsOf, cut, harmless, inked, wrapped } from './text.ts';

describe('the language', () => {
  it.each([
    [undefined, {}, 'en'],
    [undefined, { LANG: 'C.UTF-8' }, 'en'],
    [undefined, { LANG: 'pt_BR.UTF-8' }, 'pt-BR'],
    [undefined, { LANG: 'pt' }, 'pt-BR'],
    [undefined, { LANG: 'pt_PT@euro' }, 'pt-BR'],
    // Papiamento is another language.
    [undefined, { LANG: 'ptx_AW' }, 'en'],
    [undefined, { LANGUAGE: 'pt_BR:en' }, 'pt-BR'],
    [undefined, { LANG: 'en_US.UTF-8', LC_ALL: 'pt_BR.UTF-8' }, 'pt-BR'],
    [undefined, { LC_MESSAGES: 'en_US', LANG: 'pt_BR' }, 'en'],
    [undefined, { LC_ALL: '', LANG: 'pt_BR' }, 'pt-BR'],
    ['en', { LANG: 'pt_BR.UTF-8' }, 'en'],
    ['pt-BR', {}, 'pt-BR'],
    ['pt', {}, 'pt-BR'],
    ['ptolemaic', {}, undefined],
    ['', {}, undefined],
  ] as const)('--lang %s, %o: %s', (flag, env, language) => {
    expect(languageFor(flag, env)).toBe(language);
  });
});

describe('colours', () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{ isTTY: false }, {}, false],
    [{}, {}, false],
  ])('%o %o: %s', (stream, env, on) => {
    const paint = paintFor(stream, env);
    expect(paint.on).toBe(on);
    expect(paint.red('x')).toBe(on ? '\u001b[31mx\u001b[39m' : 'x');
    expect(inked('run `x` now', paint)).toBe(on ? 'run \u001b[36mx\u001b[39m now' : 'run `x` now');
  });
});

describe('text of others on a terminal', () => {
  it.each([
    ['plain, with accents: ção, 日本, 👍🏽', 'plain, with accents: ção, 日本, 👍🏽'],
    ['lines\nstay', 'lines\nstay'],
    ['as\r\nthese', 'as\nthese'],
    ['a\tb', 'a    b'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007x', 'x'],
    ['over\rwritten', 'over�written'],
    ['\u0000\u0007\u0008\u007f\u009b', '�����'],
    ['\u202egnp.exe', '�gnp.exe'],
  ])('%j', (text, shown) => {
    expect(harmless(text)).toBe(shown);
  });

  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['one two three', 13, ['one two three']],
    ['  one two', 6, ['  one', '  two']],
    ['longerthanthat a', 5, ['longerthanthat', 'a']],
    ['a\n\nb', 5, ['a', '', 'b']],
    ['', 5, ['']],
  ])('wraps %j at %i', (text, width, lines) => {
    expect(wrapped(text, width)).toEqual(lines);
  });

  it('is measured by what is seen', () => {
    expect(columnsOf('\u001b[31mção\u001b[39m')).toBe(3);
    expect(cut('ação', 4)).toBe('ação');
    expect(cut('ações', 4)).toBe('açõ…');
  });
});

describe('a table', () => {
  const rows = [
    ['A', 'TITLE', 'N'],
    ['1', 'a rather long title', '10'],
  ];

  it('is as wide as what is in it', () => {
    expect(tableLines(rows, undefined, 1)).toEqual([
      ...['A  TITLE                N', '1  a rather long title  10'],
    ]);
  });

  it('gives way in one column on a narrow terminal', () => {
    expect(tableLines(rows, 20, 1)).toEqual(['A  TITLE          N', '1  a rather lon…  10']);
  });
});
