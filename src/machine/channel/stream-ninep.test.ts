import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fakePort } from '../../testing/agent.ts';
import type { NinepHandler } from '../emulator/port.ts';
import { serveNinep } from './stream-ninep.ts';

/** A message of type `type` and so many bytes after its tag. */
function message(type: number, tag: number, extra: number): Uint8Array {
  const bytes = new Uint8Array(7 + extra).fill(type);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(5, tag, true);
  return bytes;
}

function served(handler: NinepHandler, size = Infinity) {
  const cut = (bytes: Uint8Array): Uint8Array[] => {
    const pieces = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
    return pieces;
  };
  const { port, write, read } = fakePort(size === Infinity ? undefined : cut);
  const answers: number[] = [];
  const broken: string[] = [];
  read((bytes) => answers.push(...bytes));
  serveNinep(port, handler, (reason) => broken.push(reason));
  return { write, answers, broken };
}

test('requests are whole, wherever the bytes are cut', () => {
  const one = fc.tuple(fc.integer({ min: 1, max: 255 }), fc.integer({ min: 0, max: 100 }));
  fc.assert(
    fc.property(fc.array(one), fc.integer({ min: 1, max: 50 }), (list, size) => {
      const messages = list.map(([type, extra], tag) => message(type, tag, extra));
      const got: number[][] = [];
      const { write, answers, broken } = served((request, reply) => {
        got.push([...request]);
        reply(request);
      }, size);
      write(Uint8Array.from(messages.flatMap((bytes) => [...bytes])));
      expect(got).toEqual(messages.map((bytes) => [...bytes]));
      expect(answers).toEqual(got.flat());
      expect(broken).toEqual([]);
    }),
  );
});

test('answers may come later and in another order', () => {
  const replies: (() => void)[] = [];
  const { write, answers } = served((request, reply) => {
    replies.unshift(() => {
      reply(request.slice(4, 7));
    });
  });
  write(message(100, 1, 0));
  write(message(101, 2, 5));
  expect(answers).toEqual([]);
  for (const reply of replies) reply();
  expect(answers).toEqual([101, 2, 0, 100, 1, 0]);
});

test.each([
  ['shorter than any message', 6],
  ['longer than any message', (1 << 20) + 1],
])('bytes that begin with a size %s end it', (_, size) => {
  const got: number[] = [];
  const { write, broken } = served((request) => got.push(request.length));
  write(message(100, 1, 3));
  const bad = message(100, 2, 100);
  new DataView(bad.buffer).setUint32(0, size, true);
  write(bad);
  write(message(100, 3, 3));
  expect(got).toEqual([10]);
  expect(broken).toEqual([`a 9P message of ${size} bytes`]);
});
