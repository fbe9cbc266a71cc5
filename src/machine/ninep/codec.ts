import { decodeName, encodeName } from '../../engine/bytes.ts';
import { fail } from '../files/errno.ts';
import { type FileNode, FORMAT } from '../files/node.ts';
import { HEADER, QID_DIRECTORY, QID_SYMLINK } from './messages.ts';

const HIGH = 2 ** 32;

/** Reads the fields of a message one after the other. What is cut off, or not text's length, throws EPROTO. */
export class Reader {
  readonly bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = HEADER) {
    this.bytes = bytes;
    this.#at = at;
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.bytes.length) fail('EPROTO');
    this.#at = at + length;
    return at;
  }

  u8(): number {
    return this.bytes[this.#take(1)] ?? 0;
  }

  u16(): number {
    const at = this.#take(2);
    const { bytes } = this;
    return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  }

  u32(): number {
    const at = this.#take(4);
    const { bytes } = this;
    const high = ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    return ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | high) >>> 0;
  }

  /** Beyond 2^53 the nearest number there is. */
  u64(): number {
    const low = this.u32();
    return this.u32() * HIGH + low;
  }

  /** Signed: a time before 1970. */
  i64(): number {
    const low = this.u32();
    return (this.u32() | 0) * HIGH + low;
  }

  /** A name, which is bytes: see `decodeName`. */
  string(): string {
    const length = this.u16();
    const at = this.#take(length);
    const { bytes } = this;
    let text = '';
    for (let i = at; i < at + length; i++) {
      const byte = bytes[i] ?? 0;
      if (byte >= 0x80) return decodeName(bytes.subarray(at, at + length));
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** A part of the message itself, no copy. */
  data(length: number): Uint8Array {
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }

  get rest(): number {
    return this.bytes.length - this.#at;
  }
}

/** Writes a message. What does not fit into the capacity that was asked for throws plainly. */
export class Writer {
  readonly bytes: Uint8Array;
  #at = HEADER;

  constructor(type: number, tag: number, capacity: number) {
    this.bytes = new Uint8Array(HEADER + capacity);
    this.bytes[4] = type;
    this.bytes[5] = tag & 0xff;
    this.bytes[6] = tag >> 8;
  }

  #make(length: number): number {
    const at = this.#at;
    if (at + length > this.bytes.length) throw new RangeError('a 9P message is longer than said');
    this.#at = at + length;
    return at;
  }

  u8(value: number): this {
    this.bytes[this.#make(1)] = value;
    return this;
  }

  u16(value: number): this {
    const at = this.#make(2);
    this.bytes[at] = value;
    this.bytes[at + 1] = value >> 8;
    return this;
  }

  u32(value: number): this {
    this.#set32(this.#make(4), value);
    return this;
  }

  #set32(at: number, value: number): void {
    const { bytes } = this;
    bytes[at] = value;
    bytes[at + 1] = value >> 8;
    bytes[at + 2] = value >> 16;
    bytes[at + 3] = value >> 24;
  }

  /** A whole number; negative ones in two's complement. */
  u64(value: number): this {
    const high = Math.floor(value / HIGH);
    return this.u32(value - high * HIGH).u32(high);
  }

  string(text: string): this {
    const start = this.#at;
    const at = this.#make(2 + text.length) + 2;
    const { bytes } = this;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) {
        this.#at = start;
        const encoded = encodeName(text);
        return this.u16(encoded.length).data(encoded);
      }
      bytes[at + i] = unit;
    }
    bytes[start] = text.length;
    bytes[start + 1] = text.length >> 8;
    return this;
  }

  data(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#make(bytes.length));
    return this;
  }

  qid({ id, format }: Pick<FileNode, 'id' | 'format'>): this {
    const type =
      format === FORMAT.directory ? QID_DIRECTORY : format === FORMAT.symlink ? QID_SYMLINK : 0;
    // The version stays 0: Linux takes a file with another version for another file.
    return this.u8(type).u32(0).u64(id);
  }

  /** `length` bytes of it for somebody else to fill. */
  reserve(length: number): Uint8Array {
    const at = this.#make(length);
    return this.bytes.subarray(at, at + length);
  }

  /** Takes back what was written behind `length` bytes of the message. */
  cut(length: number): this {
    this.#at = length;
    return this;
  }

  get length(): number {
    return this.#at;
  }

  /** The u32 at a place that was written before. */
  patch(at: number, value: number): this {
    this.#set32(at, value);
    return this;
  }

  /** The whole message, its size in front. */
  finish(): Uint8Array {
    this.#set32(0, this.#at);
    return this.#at === this.bytes.length ? this.bytes : this.bytes.subarray(0, this.#at);
  }
}

/** How many bytes `Writer.string` takes at most. */
export function stringSize(text: string): number {
  return 2 + text.length * 3;
}
