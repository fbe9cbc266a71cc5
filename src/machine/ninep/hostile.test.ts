import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import { dir, file, symlink } from '../../testing/entries.ts';
import { writableOver } from '../../testing/writable.ts';
import { Reader, Writer } from './codec.ts';
import { HEADER, NO_TAG, RLERROR, T, VERSION } from './messages.ts';
import { ninepServer } from './server.ts';

const RUNS = Number(process.env['SEMDISTRO_FUZZ_RUNS'] ?? 300);
const MSIZE = 8192;

/** A server of a small tree, attached at fid 0, with files opened at 1 and 2; every answer is looked at. */
function server() {
  const bugs: unknown[] = [];
  const tree = writableOver([dir('d'), file('d/f', 'text'), symlink('l', 'd')]);
  const handler = ninepServer(tree.root, { msize: MSIZE, onBug: (bug) => bugs.push(bug) });
  const ask = (request: Uint8Array): readonly Uint8Array[] => {
    const replies: Uint8Array[] = [];
    handler(request, (reply) => replies.push(reply));
    return replies;
  };
  ask(new Writer(T.version, NO_TAG, 99).u32(MSIZE).string(VERSION).finish());
  ask(new Writer(T.attach, 1, 99).u32(0).u32(0).string('').string('').u32(0).finish());
  ask(new Writer(T.walk, 1, 99).u32(0).u32(1).u16(2).string('d').string('f').finish());
  ask(new Writer(T.lopen, 1, 99).u32(1).u32(2).finish());
  // What was written is in memory, so every answer comes at once.
  ask(new Writer(T.write, 1, 99).u32(1).u64(0).u32(4).data(utf8('TEXT')).finish());
  ask(new Writer(T.walk, 1, 99).u32(0).u32(2).u16(1).string('d').finish());
  ask(new Writer(T.lopen, 1, 99).u32(2).u32(0).finish());
  return { ask, bugs };
}

function check(request: Uint8Array, replies: readonly Uint8Array[]): void {
  // Locks may wait.
  if (replies.length === 0 && request[4] === T.lock) return;
  expect(replies).toHaveLength(1);
  const [reply = new Uint8Array(0)] = replies;
  expect(reply.length).toBeLessThanOrEqual(MSIZE);
  expect(new Reader(reply, 0).u32()).toBe(reply.length);
  const tag = request.length < HEADER ? [0xff, 0xff] : [...request.subarray(5, 7)];
  expect([...reply.subarray(5, 7)]).toEqual(tag);
  expect([RLERROR, (request[4] ?? 0) + 1]).toContain(reply[4]);
}

const small = fc.oneof(fc.constantFrom(0, 1, 2, 3, 0xffffffff), fc.nat(10));
const name = fc.constantFrom('d', 'f', 'l', 'x', '..', '.', '', 'a/b', '\0', 'd'.repeat(300));
const part = fc.oneof(
  small.map((value) => (m: Writer) => m.u32(value)),
  small.map((value) => (m: Writer) => m.u16(value & 0xffff)),
  fc.nat(255).map((value) => (m: Writer) => m.u8(value)),
  fc
    .oneof(small, fc.constantFrom(2 ** 32, 2 ** 53, 2 ** 63))
    .map((value) => (m: Writer) => m.u64(value)),
  name.map((text) => (m: Writer) => m.string(text)),
);
const request = fc
  .tuple(fc.constantFrom(...Object.values(T), 0, 7, 255), fc.array(part, { maxLength: 9 }))
  .map(([type, parts]) => {
    const message = new Writer(type, 3, 10_000);
    for (const write of parts) write(message);
    return message.finish();
  });

describe('whatever a client sends', () => {
  test('gets one answer of the right form, and the server lives', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 30 }), (requests) => {
        const { ask, bugs } = server();
        for (const bytes of requests) check(bytes, ask(bytes));
        expect(bugs).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test('bytes that are no message get EPROTO, by their tag if they have one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const { ask, bugs } = server();
        const replies = ask(bytes);
        check(bytes, replies);
        expect(replies[0]?.[4]).toBe(RLERROR);
        expect(bugs).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test('the same server answers a good client afterwards', () => {
    const { ask } = server();
    ask(new Uint8Array(3));
    const [reply = new Uint8Array(0)] = ask(
      new Writer(T.read, 9, 99).u32(1).u64(0).u32(9).finish(),
    );
    expect(new TextDecoder().decode(reply.subarray(11))).toBe('TEXT');
  });
});
