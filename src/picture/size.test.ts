import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deltaText, parseSize, percentText, sizeOf, sizeText } from './size.ts';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('a size', () => {
  it.each([
    [0, '0 B', '0 B'],
    [999, '999 B', '999 B'],
    [12_300, '12.3 kB', '12,3 kB'],
    [999_600, '1 MB', '1 MB'],
    [21_600_000, '21.6 MB', '21,6 MB'],
    [162_533_290, '163 MB', '163 MB'],
    [1_234_567_890, '1.23 GB', '1,23 GB'],
  ])('of %i bytes is %s, in Portuguese %s', (bytes, en, pt) => {
    expect(plain(sizeText(bytes, 'en'))).toBe(en);
    expect(plain(sizeText(bytes, 'pt-BR'))).toBe(pt);
  });

  it('is read as Docker prints it', () => {
    expect(parseSize('21.6MB')).toBe(21_600_000);
    expect(parseSize('0B')).toBe(0);
    expect(parseSize('4.1kB')).toBe(4100);
  });

  it.each(['', 'MB', '21,6MB', '-1B', '12', '1e3B', '3 MiB'])('is not "%s"', (text) => {
    expect(parseSize(text)).toBeUndefined();
  });

  it('printed and read again is the same to three digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9e14 }), (bytes) => {
        const { number, unit } = sizeOf(bytes, 'en');
        const again = parseSize(number + unit) ?? -1;
        expect(Math.abs(again - bytes)).toBeLessThanOrEqual(bytes / 199);
      }),
    );
  });
});

describe('a difference', () => {
  it.each([
    [-12_200_000, '−12,2 MB'],
    [4096, '+4,1 kB'],
    [0, '0 B'],
  ])('of %i bytes has its sign: %s', (bytes, text) => {
    expect(plain(deltaText(bytes, 'pt-BR'))).toBe(text);
  });
});

describe('a part of the whole', () => {
  it.each([
    [1, 4, '25 %'],
    [1, 1000, '< 1 %'],
    [999, 1000, '> 99 %'],
    [1000, 1000, '100 %'],
    [0, 1000, '0 %'],
    [0, 0, '0 %'],
  ])('%i of %i is %s', (part, whole, text) => {
    expect(plain(percentText(part, whole))).toBe(text);
  });
});
