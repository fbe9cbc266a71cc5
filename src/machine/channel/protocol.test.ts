import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Frame } from './protocol.ts';
import {
  CREDIT_STEP,
  encodeFrame,
  frameDecoder,
  frameType,
  MAX_CHUNK,
  PROTOCOL_VERSION,
  reader,
  u16,
  u32,
  u64,
  u8,
  WINDOW,
} from './protocol.ts';

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

describe('a frame', () => {
  test.each([
    ['nothing', frameType.sync, 1, [], [9, 0, 0, 0, 1, 0, 0, 0]],
    ['a number', frameType.exit, 2, [u32(137)], [11, 4, 0, 0, 2, 0, 0, 0, 137, 0, 0, 0]],
    [
      'parts',
      frameType.credit,
      0x80000001,
      [u8(1), u32(70000)],
      [5, 5, 0, 0, 1, 0, 0, 128, 1, 112, 17, 1, 0],
    ],
    ['sizes', frameType.resize, 3, [u16(80, 300)], [6, 4, 0, 0, 3, 0, 0, 0, 80, 0, 44, 1]],
    [
      'a time',
      frameType.setUp,
      4,
      [u64(1763722800123.7)],
      [1, 8, 0, 0, 4, 0, 0, 0, 0xfb, 0x2b, 0x12, 0xa6, 0x9a, 0x1, 0x0, 0x0],
    ],
  ] as const)('with %s', (_, type, id, parts, expected) => {
    expect([...encodeFrame(type, id, ...parts)]).toEqual([...expected]);
  });

  test('has a body below 16 MB', () => {
    expect(encodeFrame(1, 1, new Uint8Array(0xffffff))).toHaveLength(0xffffff + 8);
    expect(() => encodeFrame(1, 1, new Uint8Array(0x1000000))).toThrow(RangeError);
  });

  test('is read as it was written, wherever the bytes were cut', () => {
    const frame = fc.record({
      type: fc.integer({ min: 1, max: 24 }),
      id: fc.integer({ min: 0, max: 0xffffffff }),
      body: fc.uint8Array({ maxLength: 300 }),
    });
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(frame), cuts, (frames, lengths) => {
        const got: Frame[] = [];
        const push = frameDecoder((one) => got.push(one));
        const all = frames.flatMap(({ type, id, body }) => [...encodeFrame(type, id, body)]);
        for (let at = 0, turn = 0; at < all.length; turn++) {
          const length = lengths[turn % lengths.length] ?? 1;
          push(Uint8Array.from(all.slice(at, at + length)));
          at += length;
        }
        expect(got.map(({ type, id, body }) => ({ type, id, body: [...body] }))).toEqual(
          frames.map(({ type, id, body }) => ({ type, id, body: [...body] })),
        );
      }),
    );
  });

  test('of a megabyte in small pieces is put together in little time', () => {
    const got: number[] = [];
    const push = frameDecoder(({ body }) => got.push(body.length));
    const whole = encodeFrame(2, 1, new Uint8Array(1 << 20));
    const start = performance.now();
    for (let at = 0; at < whole.length; at += 16) push(whole.subarray(at, at + 16));
    expect(got).toEqual([1 << 20]);
    // Putting it together anew with every piece would copy 34 GB.
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

test('a body is read in order and not past its end', () => {
  const read = reader(bytes(1, 2, 0, 255, 255, 255, 255, 4, 0, 0, 0, 9, 8));
  expect([read.u8(), read.u16(), read.i32(), read.u32(), [...read.rest()]]).toEqual([
    ...[1, 2, -1, 4],
    [9, 8],
  ]);
  expect(() => reader(bytes(1)).u32()).toThrow(RangeError);
});

test('host and guest have the same numbers', async () => {
  const header = await readFile(join(import.meta.dirname, '..', 'guest', 'protocol.h'), 'utf8');
  const inC = [...header.matchAll(/^ {2}([A-Z]+) = (\d+),/gm)].map(([, name, value]) => [
    name?.replace('_', '').toLowerCase(),
    Number(value),
  ]);
  expect(inC.length).toBeGreaterThan(10);
  const here = Object.entries(frameType).map(([name, value]) => [name.toLowerCase(), value]);
  expect(inC).toEqual(here);
  const defined = (name: string): number =>
    Number(new RegExp(`^#define ${name} (\\d+)$`, 'm').exec(header)?.[1]);
  expect({
    PROTOCOL_VERSION: defined('PROTOCOL_VERSION'),
    WINDOW: defined('WINDOW'),
    CREDIT_STEP: defined('CREDIT_STEP'),
    MAX_CHUNK: defined('MAX_CHUNK'),
  }).toEqual({ PROTOCOL_VERSION, WINDOW, CREDIT_STEP, MAX_CHUNK });
});
