import { concat } from '../../engine/bytes.ts';

/**
 * The frames that host and agent exchange; src/machine/guest/protocol.h has the same numbers and
 * says what each carries. Numbers are little-endian.
 *
 *   byte type, 3 bytes length of the body, 4 bytes id, body
 */
export const frameType = {
  setUp: 1,
  spawn: 2,
  data: 3,
  end: 4,
  credit: 5,
  resize: 6,
  signal: 7,
  kill: 8,
  sync: 9,
  raw: 10,
  exit: 11,
  ready: 12,
  done: 13,
  started: 14,
  failed: 15,
  command: 16,
  query: 17,
  gone: 18,
  answer: 19,
  join: 20,
  leave: 21,
  listen: 22,
  release: 23,
  connect: 24,
} as const;

export const PROTOCOL_VERSION = 2;
/** Bytes that may be on their way in one direction of one stream. */
export const WINDOW = 65536;
/** Credit is given back in steps of this. */
export const CREDIT_STEP = 16384;
/** The largest body of a frame with data, without the byte that names the stream. */
export const MAX_CHUNK = 16384;
/** Ids with this bit are of commands and chosen by the agent; others are chosen here. */
export const COMMAND_BIT = 0x80000000;

const HEAD = 8;
const MAX_BODY = 0xffffff;

export interface Frame {
  readonly type: number;
  readonly id: number;
  readonly body: Uint8Array;
}

/** The frame of a body in parts. Throws RangeError for a body of 16 MB and more. */
export function encodeFrame(type: number, id: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > MAX_BODY) throw new RangeError(`a frame of ${length} bytes is too long`);
  const frame = new Uint8Array(HEAD + length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, length * 256 + type, true);
  view.setUint32(4, id, true);
  let at = HEAD;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** Takes bytes cut anywhere and calls `take` with every whole frame, in order. */
export function frameDecoder(take: (frame: Frame) => void): (bytes: Uint8Array) => void {
  let held: Uint8Array[] = [];
  let size = 0;
  // Bytes until something can be done: a large frame in many pieces is put together once.
  let wanted = HEAD;
  return (bytes) => {
    held.push(bytes);
    size += bytes.length;
    if (size < wanted) return;
    const all = concat(held, size);
    const view = new DataView(all.buffer, all.byteOffset, all.length);
    let at = 0;
    wanted = HEAD;
    while (all.length - at >= HEAD) {
      const first = view.getUint32(at, true);
      const end = at + HEAD + (first >>> 8);
      if (end > all.length) {
        wanted = end - at;
        break;
      }
      const id = view.getUint32(at + 4, true);
      const body = all.subarray(at + HEAD, end);
      at = end;
      take({ type: first & 0xff, id, body });
    }
    held = at < all.length ? [all.subarray(at)] : [];
    size = all.length - at;
  };
}

export function u8(value: number): Uint8Array {
  return Uint8Array.of(value);
}

export function u16(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint16(2 * index, value, true);
  });
  return bytes;
}

export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

export function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.floor(value)), true);
  return bytes;
}

/** Reads a body's numbers in order; throws RangeError when it is shorter than they are. */
export function reader(body: Uint8Array): {
  u8(): number;
  u16(): number;
  u32(): number;
  i32(): number;
  /** What is left. */
  rest(): Uint8Array;
} {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  let at = 0;
  const next = (length: number): number => {
    at += length;
    return at - length;
  };
  return {
    u8: () => view.getUint8(next(1)),
    u16: () => view.getUint16(next(2), true),
    u32: () => view.getUint32(next(4), true),
    i32: () => view.getInt32(next(4), true),
    rest: () => body.subarray(at),
  };
}
