import { concat, decodeName, encodeName, utf8 } from '../bytes.ts';

/** Records of a PAX extended header. Values are bytes: extended attributes are binary. */
export type PaxRecords = ReadonlyMap<string, Uint8Array>;

const SPACE = 0x20;
const EQUALS = 0x3d;
const NEWLINE = 0x0a;

/** Undefined when the bytes are not a sequence of `length key=value\n` records. */
export function parsePax(bytes: Uint8Array): PaxRecords | undefined {
  const records = new Map<string, Uint8Array>();
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(SPACE, at);
    if (space < 0 || space === at || space - at > 9) return undefined;
    let length = 0;
    for (let i = at; i < space; i++) {
      const digit = (bytes[i] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return undefined;
      length = length * 10 + digit;
    }
    const end = at + length;
    if (end > bytes.length || end < space + 3 || bytes[end - 1] !== NEWLINE) return undefined;
    const equals = bytes.indexOf(EQUALS, space + 1);
    if (equals < 0 || equals >= end - 1 || equals === space + 1) return undefined;
    const key = decodeName(bytes.subarray(space + 1, equals));
    if (key.includes('\0')) return undefined;
    records.set(key, bytes.slice(equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** The body of a PAX header, keys in the order given. */
export function formatPax(records: Iterable<readonly [string, Uint8Array]>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [key, value] of records) {
    const name = encodeName(key);
    const rest = 1 + name.length + 1 + value.length + 1;
    // The length counts its own digits.
    let length = rest + String(rest).length;
    if (String(length).length + rest !== length) length = rest + String(length).length;
    parts.push(utf8(`${length} `), name, utf8('='), value, utf8('\n'));
  }
  return concat(parts);
}
