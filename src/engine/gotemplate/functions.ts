import { goJson } from './json.ts';
import { checkLength, print, printf, println } from './print.ts';
import { type GoValue, goStrings, isSlice, isTrue, typeName } from './value.ts';

/** A mistake inside a function; the caller words it as Go does: `error calling NAME: …`. */
export class CallError extends Error {}

export interface TemplateFunction {
  /** Types of the arguments, the last for all further ones when `variadic`. */
  readonly takes: readonly ArgumentType[];
  readonly variadic?: boolean;
  call(args: readonly GoValue[]): GoValue;
}

export type ArgumentType = 'any' | 'string' | 'int' | '[]string';

const encoder = new TextEncoder();

const text = (value: GoValue): string => (typeof value === 'string' ? value : '');
const whole = (value: GoValue): number => (typeof value === 'number' ? value : 0);

/** Go's own, but for `and` and `or`, which do not evaluate all arguments and live in the evaluator. */
const BUILTINS: Readonly<Record<string, TemplateFunction>> = {
  not: { takes: ['any'], call: ([value]) => !isTrue(value) },
  len: { takes: ['any'], call: ([value]) => length(value) },
  index: {
    takes: ['any', 'any'],
    variadic: true,
    call: ([item, ...indexes]) => indexes.reduce(at, item),
  },
  slice: {
    takes: ['any', 'any'],
    variadic: true,
    call: ([item, ...indexes]) => slice(item, indexes),
  },
  print: { takes: ['any'], variadic: true, call: (args) => print(args) },
  println: { takes: ['any'], variadic: true, call: (args) => println(args) },
  printf: {
    takes: ['string', 'any'],
    variadic: true,
    call: ([format, ...args]) => printf(text(format), args),
  },
  eq: {
    takes: ['any', 'any'],
    variadic: true,
    call: ([first, ...others]) => {
      if (others.length === 0) throw new CallError('missing argument for comparison');
      return others.some((other) => equal(first, other));
    },
  },
  ne: { takes: ['any', 'any'], call: ([a, b]) => !equal(a, b) },
  lt: { takes: ['any', 'any'], call: ([a, b]) => compare(a, b) < 0 },
  le: { takes: ['any', 'any'], call: ([a, b]) => compare(a, b) <= 0 },
  gt: { takes: ['any', 'any'], call: ([a, b]) => compare(a, b) > 0 },
  ge: { takes: ['any', 'any'], call: ([a, b]) => compare(a, b) >= 0 },
};

/** Docker's additions to every template. */
const DOCKER: Readonly<Record<string, TemplateFunction>> = {
  json: { takes: ['any'], call: ([value]) => goJson(value) },
  split: {
    takes: ['string', 'string'],
    call: ([value, separator]) => goStrings(split(text(value), text(separator))),
  },
  join: {
    takes: ['[]string', 'string'],
    call: ([list, separator]) => {
      const joined = strings(list).join(text(separator));
      checkLength(joined.length);
      return joined;
    },
  },
  title: {
    takes: ['string'],
    call: ([value]) => text(value).replace(/(?<![\p{L}\p{Nd}_'’])\p{L}/gu, (c) => c.toUpperCase()),
  },
  lower: { takes: ['string'], call: ([value]) => text(value).toLowerCase() },
  upper: { takes: ['string'], call: ([value]) => text(value).toUpperCase() },
  pad: {
    takes: ['string', 'int', 'int'],
    call: ([value, before, after]) => {
      if (text(value) === '') return '';
      const [left, right] = [Math.max(0, whole(before)), Math.max(0, whole(after))];
      checkLength(left + right);
      return ' '.repeat(left) + text(value) + ' '.repeat(right);
    },
  },
  truncate: {
    takes: ['string', 'int'],
    call: ([value, size]) =>
      text(value).length < whole(size)
        ? text(value)
        : text(value).slice(0, Math.max(0, whole(size))),
  },
};

/** In a table's header the words are shouted already: these leave them alone. */
export const HEADER_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  ['json', 'title', 'lower', 'upper', 'truncate', 'join'].map((name) => [
    name,
    { takes: ['any', 'any'] as const, variadic: true, call: ([value]) => value },
  ]),
);

export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map([
  ...Object.entries(BUILTINS),
  ...Object.entries(DOCKER),
]);

function strings(list: GoValue): readonly string[] {
  return isSlice(list) ? list.items.map(text) : [];
}

function split(value: string, separator: string): readonly string[] {
  return separator === '' ? Array.from(value) : value.split(separator);
}

function length(value: GoValue): number {
  if (typeof value === 'string') return encoder.encode(value).length;
  if (value === undefined || value === null) throw new CallError('len of nil pointer');
  if (isSlice(value)) return value.items.length;
  if (typeof value === 'object' && value.kind === 'map') return value.entries.size;
  throw new CallError(`len of type ${typeName(value)}`);
}

function at(item: GoValue, index: GoValue): GoValue {
  if (item === undefined || item === null) throw new CallError('index of untyped nil');
  if (typeof item === 'object' && item.kind === 'map') {
    if (typeof index !== 'string') {
      throw new CallError(`value has type ${typeName(index)}; should be string`);
    }
    // A missing key is the zero value of the map's elements.
    return item.entries.get(index) ?? (item.type === 'map[string]string' ? '' : undefined);
  }
  if (!isSlice(item) && typeof item !== 'string') {
    throw new CallError(`can't index item of type ${typeName(item)}`);
  }
  if (typeof index !== 'number' || !Number.isInteger(index)) {
    if (index === undefined || index === null)
      throw new CallError('cannot index slice/array with nil');
    throw new CallError(`cannot index slice/array with type ${typeName(index)}`);
  }
  const size = length(item);
  if (index < 0 || index >= size) throw new CallError(`index out of range: ${index}`);
  return isSlice(item) ? item.items[index] : encoder.encode(item)[index];
}

function slice(item: GoValue, indexes: readonly GoValue[]): GoValue {
  if (item === undefined || item === null) throw new CallError('slice of untyped nil');
  if (indexes.length > 3) {
    throw new CallError(`too many slice indexes: ${indexes.length}`);
  }
  if (!isSlice(item) && typeof item !== 'string') {
    throw new CallError(`can't slice item of type ${typeName(item)}`);
  }
  if (!isSlice(item) && indexes.length === 3) throw new CallError('cannot 3-index slice a string');
  const size = length(item);
  const bounds = indexes.map((index) => {
    if (typeof index !== 'number' || !Number.isInteger(index)) {
      throw new CallError(`cannot index slice/array with type ${typeName(index)}`);
    }
    if (index < 0 || index > size) throw new CallError(`index out of range: ${index}`);
    return index;
  });
  const [from = 0, to = size] = bounds;
  if (from > to) throw new CallError(`invalid slice index: ${from} > ${to}`);
  if (isSlice(item)) return { ...item, items: item.items.slice(from, to) };
  return new TextDecoder().decode(encoder.encode(item).subarray(from, to));
}

function basicKind(value: GoValue): string {
  const kind = typeof value;
  if (kind === 'string' || kind === 'number' || kind === 'boolean') return kind;
  if (value === undefined || value === null) return 'nil';
  return 'other';
}

function equal(a: GoValue, b: GoValue): boolean {
  const [left, right] = [basicKind(a), basicKind(b)];
  if (left === 'nil' || right === 'nil') return left === right;
  if (left === 'other' || right === 'other') {
    throw new CallError(`non-comparable type ${verbose(left === 'other' ? a : b)}`);
  }
  if (left !== right) throw new CallError('incompatible types for comparison');
  return a === b;
}

function verbose(value: GoValue): string {
  return `${print([value])}: ${typeName(value)}`;
}

function compare(a: GoValue, b: GoValue): number {
  const [left, right] = [basicKind(a), basicKind(b)];
  const ordered = (kind: string): boolean => kind === 'string' || kind === 'number';
  if (left !== right) {
    throw new CallError(
      ordered(left) && ordered(right)
        ? 'incompatible types for comparison'
        : 'invalid type for comparison',
    );
  }
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  throw new CallError('invalid type for comparison');
}
