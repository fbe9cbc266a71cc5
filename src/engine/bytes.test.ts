import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collect, concat, decodeName, encodeName, once, utf8 } from './bytes.ts';

test('a stream is collected into one array', async () => {
  const stream = (async function* () {
    yield utf8('ab');
    yield utf8('');
    yield utf8('c');
  })();
  expect(await collect(stream, 3)).toEqual(utf8('abc'));
});

test('collecting stops where the limit is passed', async () => {
  await expect(collect(once(utf8('abc')), 2)).rejects.toThrow('stream is longer than 2 bytes');
});

test('concat joins, and does not copy a single chunk', () => {
  const only = utf8('x');
  expect(concat([only])).toBe(only);
  expect(concat([])).toEqual(new Uint8Array(0));
  expect(concat([utf8('a'), utf8('b')])).toEqual(utf8('ab'));
});

test.each([
  ['ASCII', 'etc/passwd', [...utf8('etc/passwd')]],
  ['UTF-8', 'ação', [0x61, 0xc3, 0xa7, 0xc3, 0xa3, 0x6f]],
  ['beyond the BMP', '🐧', [0xf0, 0x9f, 0x90, 0xa7]],
  ['Latin-1', 'a\udce7\udce3o', [0x61, 0xe7, 0xe3, 0x6f]],
  ['a byte order mark', '\ufeffx', [0xef, 0xbb, 0xbf, 0x78]],
  ['half a character', 'x\udcf0\udc9f', [0x78, 0xf0, 0x9f]],
  ['an overlong slash', '\udcc0\udcaf', [0xc0, 0xaf]],
  ['a surrogate in UTF-8', '\udced\udcb2\udc80', [0xed, 0xb2, 0x80]],
  ['a good character among bad bytes', '\udcff🐧\udcff', [0xff, 0xf0, 0x9f, 0x90, 0xa7, 0xff]],
])('a name in %s is decoded and encoded back', (_, text, bytes) => {
  expect(decodeName(Uint8Array.from(bytes))).toBe(text);
  expect([...encodeName(text)]).toEqual(bytes);
});

test('every sequence of bytes survives as a name', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(encodeName(decodeName(bytes))).toEqual(bytes);
    }),
  );
});

test('different bytes are different names', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
      const same = a.length === b.length && a.every((byte, i) => byte === b[i]);
      expect(decodeName(a) === decodeName(b)).toBe(same);
    }),
  );
});

test('names of nothing but bad bytes are decoded at once', () => {
  const bytes = new Uint8Array(1_000_000).fill(0xff);
  const start = performance.now();
  expect(decodeName(bytes)).toHaveLength(bytes.length);
  // Generous: a hundredth of it is usual.
  expect(performance.now() - start).toBeLessThan(2000);
});
