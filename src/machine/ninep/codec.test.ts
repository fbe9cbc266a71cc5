import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeName, encodeName } from '../../engine/bytes.ts';
import { FORMAT } from '../files/node.ts';
import { Reader, stringSize, Writer } from './codec.ts';

const RUNS = Number(process.env['SEMDISTRO_FUZZ_RUNS'] ?? 200);

/** What a message may be made of: how to write a value, and to read it back. */
const FIELDS = {
  u8: fc.integer({ min: 0, max: 0xff }),
  u16: fc.integer({ min: 0, max: 0xffff }),
  u32: fc.integer({ min: 0, max: 0xffffffff }),
  u64: fc.maxSafeNat(),
  i64: fc.maxSafeInteger(),
} as const;

const field = fc.oneof(
  ...Object.entries(FIELDS).map(([kind, values]) => values.map((value) => ({ kind, value }))),
  fc
    .oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array().map(decodeName))
    .map((value) => ({ kind: 'string', value })),
);

const write = (message: Writer, { kind, value }: { kind: string; value: number | string }) => {
  if (typeof value === 'string') return message.string(value);
  if (kind === 'u8') return message.u8(value);
  if (kind === 'u16') return message.u16(value);
  return kind === 'u32' ? message.u32(value) : message.u64(value);
};

const read = (message: Reader, kind: string): number | string => {
  if (kind === 'string') return message.string();
  if (kind === 'u8') return message.u8();
  if (kind === 'u16') return message.u16();
  if (kind === 'u32') return message.u32();
  return kind === 'u64' ? message.u64() : message.i64();
};

describe('messages', () => {
  test('what is written is read back, name by name and byte by byte', () => {
    fc.assert(
      fc.property(fc.array(field), fc.integer({ min: 0, max: 0xffff }), (fields, tag) => {
        const message = new Writer(118, tag, 100_000);
        for (const one of fields) write(message, one);
        const bytes = message.finish();
        expect([...bytes.subarray(4, 7)]).toEqual([118, tag & 0xff, tag >> 8]);
        expect(new Reader(bytes, 0).u32()).toBe(bytes.length);
        const reader = new Reader(bytes);
        expect(fields.map(({ kind }) => read(reader, kind))).toEqual(
          fields.map(({ value }) => value),
        );
        expect(reader.rest).toBe(0);
      }),
      { numRuns: RUNS },
    );
  });

  test('every cut of a message is refused, and only a cut', () => {
    const bytes = new Writer(1, 2, 100).u32(7).u64(8).string('na\u00efve').u16(3).finish();
    const all = (length: number) => () => {
      const message = new Reader(bytes.subarray(0, length));
      return [message.u32(), message.u64(), message.string(), message.u16()];
    };
    for (let length = 7; length < bytes.length; length++) expect(all(length)).toThrow('EPROTO');
    expect(all(bytes.length)()).toEqual([7, 8, 'na\u00efve', 3]);
  });

  test.each([
    ['a directory', FORMAT.directory, 0x80],
    ['a symlink', FORMAT.symlink, 0x02],
    ['a file', FORMAT.file, 0],
    ['a device', FORMAT.character, 0],
  ])('the qid of %s', (_, format, type) => {
    const bytes = new Writer(1, 2, 13).qid({ id: 0x1_0000_0002, format }).finish();
    expect([...bytes.subarray(7)]).toEqual([type, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0]);
  });

  test('a name takes no more room than said', () => {
    for (const name of [
      'plain',
      '\u00e9t\u00e9',
      '\ud83d\ude00',
      decodeName(Uint8Array.of(0xff, 0x61)),
    ]) {
      const { length } = new Writer(1, 2, stringSize(name)).string(name).finish();
      expect(length).toBe(7 + 2 + encodeName(name).length);
    }
  });

  test('what does not fit was said wrong', () => {
    expect(() => new Writer(1, 2, 3).u32(1)).toThrow(RangeError);
    expect(new Writer(1, 2, 4).u32(1).finish()).toHaveLength(11);
  });
});
