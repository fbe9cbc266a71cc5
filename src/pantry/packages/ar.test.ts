import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../../engine/bytes.ts';
import { readAr } from './ar.ts';
import { ar, arHeader } from './fixtures.ts';

const good = ar(['debian-binary', utf8('2.0\n')], ['odd', utf8('abc')], ['last', utf8('')]);
const archive = (...parts: readonly string[]): Uint8Array => utf8(`!<arch>\n${parts.join('')}`);

describe('readAr', () => {
  it('gives every member with its content, odd sizes padded', () => {
    const members = readAr(good).map(({ name, content }) => [
      name,
      new TextDecoder().decode(content),
    ]);
    expect(members).toEqual([
      ['debian-binary', '2.0\n'],
      ['odd', 'abc'],
      ['last', ''],
    ]);
  });

  it('takes names with a slash at the end, as GNU ar writes them', () => {
    expect(readAr(archive(arHeader('control.tar/', '2'), 'xy'))[0]?.name).toBe('control.tar');
  });

  it('does without the padding behind the last member', () => {
    expect(readAr(archive(arHeader('a', '3'), 'abc'))).toHaveLength(1);
  });

  it.each([
    ['nothing', new Uint8Array(0), 'no ar archive (at byte 0)'],
    ['another format', utf8('PK\x03\x04 and so on'), 'no ar archive (at byte 0)'],
    ['a header cut off', good.subarray(0, 30), 'header cut off (at byte 8)'],
    ['a member cut off', archive(arHeader('a', '4'), 'abc'), 'member cut off (at byte 8)'],
    ['a size beyond the end', archive(arHeader('a', '9999999999')), 'member cut off (at byte 8)'],
    ['a negative size', archive(arHeader('a', '-1')), 'bad size (at byte 8)'],
    ['a size in hexadecimal', archive(arHeader('a', '0x10')), 'bad size (at byte 8)'],
    ['no size', archive(arHeader('a', '')), 'bad size (at byte 8)'],
    ['no name', archive(arHeader('', '0')), 'bad name (at byte 8)'],
    ['a name with a path', archive(arHeader('../etc', '0')), 'bad name (at byte 8)'],
    ['a name with NUL', archive(arHeader('a\0b', '0')), 'bad name (at byte 8)'],
    ['no end of header', archive(arHeader('a', '0').replace('`', ' ')), 'bad header (at byte 8)'],
    ['garbage at the end', concat([good, utf8('garbage')]), 'header cut off (at byte 196)'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readAr(bytes)).toThrow(
      expect.objectContaining({ code: 'ar-corrupt', message }) as Error, // an asymmetric matcher
    );
  });
});
