import { EngineError } from './errors.ts';

/** A parsed JSON object before anything is known of it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What a document is called in messages, and the code its errors carry. */
export interface Where {
  readonly code: string;
  readonly name: string;
}

/** Deepest nesting read from a document that somebody else wrote. */
const MAX_DEPTH = 100;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Parses JSON bytes whose top must be an object. Errors: EngineError with `where.code`. */
export function parseJsonObject(bytes: Uint8Array, where: Where): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new EngineError(where.code, `${where.name} is not valid JSON`, { cause });
  }
  return asObject(value, where, 'the document');
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Errors, as of all that follow: EngineError with `where.code` that names `field`. */
export function asObject(value: unknown, where: Where, field: string): JsonObject {
  if (isObject(value)) return value;
  throw wrong(where, field, 'an object');
}

export function asArray(value: unknown, where: Where, field: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(where, field, 'an array');
}

export function asString(value: unknown, where: Where, field: string): string {
  if (typeof value === 'string') return value;
  throw wrong(where, field, 'a string');
}

/** A whole number from 0 to 2^53. */
export function asSize(value: unknown, where: Where, field: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong(where, field, 'a size');
}

/** Go writes what is absent as null or not at all: both are undefined here. */
export function optional<T>(
  value: unknown,
  where: Where,
  field: string,
  read: (value: unknown, where: Where, field: string) => T,
): T | undefined {
  return value === undefined || value === null ? undefined : read(value, where, field);
}

export function asStrings(value: unknown, where: Where, field: string): readonly string[] {
  return asArray(value, where, field).map((item) => asString(item, where, field));
}

export function asStringMap(
  value: unknown,
  where: Where,
  field: string,
): Readonly<Record<string, string>> {
  const entries = Object.entries(asObject(value, where, field));
  return Object.fromEntries(entries.map(([key, item]) => [key, asString(item, where, field)]));
}

/** What the others throw: `NAME: FIELD is not EXPECTED`. */
export function wrong(where: Where, field: string, expected: string): EngineError {
  return new EngineError(where.code, `${where.name}: ${field} is not ${expected}`);
}

/** Calls `visit` with every string in a JSON value, keys of objects too. */
export function eachString(value: unknown, visit: (text: string) => void, depth = 0): void {
  if (typeof value === 'string') visit(value);
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  for (const [key, item] of Object.entries(value)) {
    if (!Array.isArray(value)) visit(key);
    eachString(item, visit, depth + 1);
  }
}
