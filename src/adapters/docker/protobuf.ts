import { concat, utf8 } from '../../engine/bytes.ts';

/*
 * As much of the protobuf encoding as BuildKit's few messages need: fields with varints and fields
 * with bytes. https://protobuf.dev/programming-guides/encoding/
 */

/** A field that was read: a number, or bytes (a string, a message). */
export interface Field {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** The fields of a message, in their order; those of other wire types are passed over. Throws plainly for what is no message. */
export function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined || shift > 63n) throw new Error('a varint without end');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const number = Number(key >> 3n);
    const wire = Number(key & 7n);
    if (wire === 0) {
      yield { number, value: varint() };
      continue;
    }
    const length = wire === 2 ? Number(varint()) : wire === 1 ? 8 : wire === 5 ? 4 : undefined;
    if (length === undefined || at + length > message.length) throw new Error('not a message');
    if (wire === 2) yield { number, value: message.subarray(at, at + length) };
    at += length;
  }
}

/** What a message says in a field of text; '' when it says nothing. */
export function textField(message: Uint8Array, number: number): string {
  const field = last(message, number);
  return field instanceof Uint8Array ? new TextDecoder().decode(field) : '';
}

/** The same of a number. */
export function numberField(message: Uint8Array, number: number): number {
  const field = last(message, number);
  return typeof field === 'bigint' ? Number(field) : 0;
}

/** The same of bytes, or a message in the message; undefined where there is none. */
export function bytesField(message: Uint8Array, number: number): Uint8Array | undefined {
  const field = last(message, number);
  return field instanceof Uint8Array ? field : undefined;
}

function last(message: Uint8Array, number: number): Field['value'] | undefined {
  let found: Field['value'] | undefined;
  for (const field of readFields(message)) if (field.number === number) found = field.value;
  return found;
}

/** A message of fields in this order; zeros, as everywhere, are left out by whoever calls. */
export function message(
  ...fields: readonly (readonly [number, bigint | string | Uint8Array])[]
): Uint8Array {
  return concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'bigint') return [varint(BigInt(number) << 3n), varint(value)];
      const bytes = typeof value === 'string' ? utf8(value) : value;
      return [varint((BigInt(number) << 3n) | 2n), varint(BigInt(bytes.length)), bytes];
    }),
  );
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Uint8Array.from([...bytes, Number(rest)]);
}
