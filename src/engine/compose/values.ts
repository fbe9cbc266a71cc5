import { isObject, type JsonObject } from '../json.ts';
import { composeInvalid } from './error.ts';

/** A value of a Compose file and where it is, `services.web.ports[0]`. */
export interface Place {
  readonly path: string;
  /** Settings that are known to Compose and not available here, by their paths. */
  readonly refused: string[];
}

export function below({ path, refused }: Place, key: string | number): Place {
  const next = typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
  return { path: next, refused };
}

export function wrongValue({ path }: Place, expected: string): Error {
  return composeInvalid(`${path} must be ${expected}`);
}

/** A mapping, each of whose keys is read, or refused by name; `x-` keys are anybody's. */
export function mapping(
  value: unknown,
  place: Place,
  readers: Readonly<Record<string, (value: unknown, place: Place) => void>>,
): void {
  if (!isObject(value)) throw wrongValue(place, 'a mapping');
  for (const [key, item] of Object.entries(value)) {
    if (key.startsWith('x-')) continue;
    const read = readers[key];
    const here = below(place, key);
    if (read) read(item, here);
    else place.refused.push(here.path);
  }
}

export function object(value: unknown, place: Place): JsonObject {
  if (isObject(value)) return value;
  throw wrongValue(place, 'a mapping');
}

/** A string; numbers and truth values as they are written. */
export function scalar(value: unknown, place: Place): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw wrongValue(place, 'a string');
}

export function truth(value: unknown, place: Place): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw wrongValue(place, 'a boolean');
}

export function list(value: unknown, place: Place): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrongValue(place, 'a list');
}

export function scalars(value: unknown, place: Place): readonly string[] {
  return list(value, place).map((item, index) => scalar(item, below(place, index)));
}

/** One or several. */
export function oneOrMore(value: unknown, place: Place): readonly string[] {
  return Array.isArray(value) ? scalars(value, place) : [scalar(value, place)];
}

/** `NAME=value` of a list, or of a mapping; a name without a value stays one. */
export function pairs(value: unknown, place: Place): readonly string[] {
  if (Array.isArray(value)) return scalars(value, place);
  return Object.entries(object(value, place)).map(([name, item]) =>
    item === null ? name : `${name}=${scalar(item, below(place, name))}`,
  );
}
