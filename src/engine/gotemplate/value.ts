/**
 * Go's values as a template sees them. Plain strings, numbers and booleans are themselves.
 * `undefined` is Go's invalid value (printed `<no value>`), `null` a nil interface.
 */
export type GoValue =
  undefined | null | boolean | number | string | GoSlice | GoMap | GoStruct | GoNil;

export interface GoSlice {
  readonly kind: 'slice';
  readonly items: readonly GoValue[];
  /** A nil slice prints as an empty one, but is `null` in JSON. */
  readonly nil: boolean;
  /** `[]string` */
  readonly type: string;
}

export interface GoMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, GoValue>;
  readonly nil: boolean;
  /** `map[string]string` */
  readonly type: string;
  readonly methods?: GoMethods;
}

/** A struct, or what has methods instead of fields: a field may be computed when it is asked for. */
export interface GoStruct {
  readonly kind: 'struct';
  /** As in Go's error messages: `*formatter.imageContext`. */
  readonly type: string;
  /** In Go's order: `{a b}` is printed in it. */
  readonly fields: ReadonlyMap<string, GoField>;
  /** Docker's formatter contexts encode to JSON as a map: keys sorted, `<`, `>` and `&` escaped. */
  readonly context?: boolean;
  /** Printed in place of the fields, as Go does for a Stringer: times. */
  readonly text?: string;
  /** With `text`: what it is in JSON, when that is a number. */
  readonly number?: number;
  readonly methods?: GoMethods;
}

/** By name, what a template may call with one string: `{{.Label "name"}}`. */
export type GoMethods = ReadonlyMap<string, (argument: string) => GoValue>;

export interface GoField {
  value(): GoValue;
  /** Key in JSON; the field's name when undefined, none when ''. */
  readonly json?: string;
  readonly omitEmpty?: boolean;
}

/** A nil pointer. */
export interface GoNil {
  readonly kind: 'nil';
  readonly type: string;
}

export function goStrings(items: readonly string[] | null | undefined, type = '[]string'): GoSlice {
  return { kind: 'slice', items: items ?? [], nil: items === null || items === undefined, type };
}

export function goList(items: readonly GoValue[] | null, type: string): GoSlice {
  return { kind: 'slice', items: items ?? [], nil: items === null, type };
}

export function goNil(type: string): GoNil {
  return { kind: 'nil', type };
}

export function goMap(
  entries: Readonly<Record<string, GoValue>> | null | undefined,
  type = 'map[string]string',
): GoMap {
  return {
    kind: 'map',
    entries: new Map(Object.entries(entries ?? {})),
    nil: entries === null || entries === undefined,
    type,
  };
}

export interface FieldOptions {
  readonly json?: string;
  readonly omitEmpty?: boolean;
}

/** A field with a value already at hand. */
export function goField(value: GoValue, options: FieldOptions = {}): GoField {
  return { value: () => value, ...options };
}

export function goStruct(type: string, fields: Readonly<Record<string, GoField>>): GoStruct {
  return { kind: 'struct', type, fields: new Map(Object.entries(fields)) };
}

/** Parsed JSON as Docker decodes it into `interface{}`: numbers are `json.Number`, which is a string. */
export function fromJson(value: unknown): GoValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) {
    return { kind: 'slice', items: value.map(fromJson), nil: false, type: '[]interface {}' };
  }
  const entries = Object.entries(value).map(([key, item]) => [key, fromJson(item)] as const);
  return { kind: 'map', entries: new Map(entries), nil: false, type: 'map[string]interface {}' };
}

/** Go's name of a value's type, as error messages give it. */
export function typeName(value: GoValue): string {
  if (value === undefined || value === null) return 'interface {}';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  return value.type;
}

/** What `if`, `and`, `or` and `not` ask. */
export function isTrue(value: GoValue): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.length > 0;
  if (typeof value === 'number') return value !== 0;
  if (value.kind === 'slice') return value.items.length > 0;
  if (value.kind === 'map') return value.entries.size > 0;
  return value.kind === 'struct';
}

/** Keys in the order Go ranges over a map: sorted by bytes. */
export function sortedKeys(map: GoMap): readonly string[] {
  return [...map.entries.keys()].sort();
}

export function isSlice(value: GoValue): value is GoSlice {
  return typeof value === 'object' && value !== null && value.kind === 'slice';
}
