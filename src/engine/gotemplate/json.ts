import type { GoStruct, GoValue } from './value.ts';
import { sortedKeys } from './value.ts';

/** How Go's encoder writes: `html` escapes `<`, `>` and `&`, as it does unless told not to. */
export interface JsonOptions {
  readonly html: boolean;
  readonly indent?: string;
}

/** A value as Go's `encoding/json` writes it: struct fields in order, map keys sorted. */
export function goJson(value: GoValue, options: JsonOptions = { html: false }): string {
  return encode(value, options, '');
}

function encode(value: GoValue, options: JsonOptions, margin: string): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return encodeString(value, options.html);
  if (typeof value !== 'object') return String(value);
  switch (value.kind) {
    case 'nil':
      return 'null';
    case 'slice': {
      if (value.nil) return 'null';
      const inner = margin + (options.indent ?? '');
      const items = value.items.map((item) => encode(item, options, inner));
      return bracket('[', items, ']', options, margin);
    }
    case 'map': {
      if (value.nil) return 'null';
      const pairs = sortedKeys(value).map((key) => [key, value.entries.get(key)] as const);
      return encodePairs(pairs, options, margin);
    }
    case 'struct': {
      if (value.number !== undefined) return String(value.number);
      if (value.text !== undefined) return encodeString(value.text, options.html);
      // A formatter context encodes itself with the escaping encoder, wherever it is asked.
      const own = value.context === true ? { ...options, html: true } : options;
      return encodePairs(jsonFields(value), own, margin);
    }
  }
}

function jsonFields(struct: GoStruct): readonly (readonly [string, GoValue])[] {
  const pairs: (readonly [string, GoValue])[] = [];
  for (const [name, field] of struct.fields) {
    const value = field.value();
    if (field.json === '' || (field.omitEmpty === true && isEmpty(value))) continue;
    pairs.push([field.json ?? name, value]);
  }
  return struct.context === true ? pairs.sort(([a], [b]) => (a < b ? -1 : 1)) : pairs;
}

function isEmpty(value: GoValue): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) {
    return true;
  }
  if (typeof value !== 'object') return false;
  if (value.kind === 'slice') return value.items.length === 0;
  if (value.kind === 'map') return value.entries.size === 0;
  return value.kind === 'nil' || value.number === 0;
}

function encodePairs(
  pairs: readonly (readonly [string, GoValue])[],
  options: JsonOptions,
  margin: string,
): string {
  const colon = options.indent === undefined ? ':' : ': ';
  const inner = margin + (options.indent ?? '');
  const items = pairs.map(
    ([key, value]) => encodeString(key, options.html) + colon + encode(value, options, inner),
  );
  return bracket('{', items, '}', options, margin);
}

function bracket(
  open: string,
  items: readonly string[],
  close: string,
  { indent }: JsonOptions,
  margin: string,
): string {
  if (indent === undefined || items.length === 0) return open + items.join(',') + close;
  const inner = `\n${margin}${indent}`;
  return `${open}${inner}${items.join(`,${inner}`)}\n${margin}${close}`;
}

function encodeString(text: string, html: boolean): string {
  const pattern = html ? /[<>&\u2028\u2029]/g : /[\u2028\u2029]/g;
  return JSON.stringify(text.toWellFormed()).replace(
    pattern,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
