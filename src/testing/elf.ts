import { concat, utf8 } from '../engine/bytes.ts';

/** What a made-up ELF file says; amd64 and an executable when not told otherwise. */
export interface ElfSpec {
  readonly bits?: 32 | 64;
  readonly littleEndian?: boolean;
  readonly machine?: number;
  readonly type?: 'executable' | 'shared' | 'relocatable';
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly rpath?: string;
  readonly runpath?: string;
  readonly soname?: string;
  readonly pie?: boolean;
  /** Versions wanted, by library. */
  readonly versionsNeeded?: Readonly<Record<string, readonly string[]>>;
  /** Of those, the ones that are wanted weakly. */
  readonly weak?: readonly string[];
  readonly versionsDefined?: readonly string[];
  /** Put at the end, in no segment. */
  readonly tail?: string;
}

const TYPES = { executable: 2, shared: 3, relocatable: 1 } as const;

/** An ELF file with headers, a dynamic section and nothing to run, that readelf takes for a good one. */
export function elfBytes(spec: ElfSpec = {}): Uint8Array {
  const { bits = 64, littleEndian = true, machine = 62, type = 'executable' } = spec;
  const wide = bits === 64;
  const order = { wide, littleEndian };
  const strings = stringTable();
  const tags = namedTags(spec, strings.at);
  const needed = neededTable(spec, strings.at, order);
  const defined = definedTable(spec, strings.at, order);
  const dynamic = tags.length > 0 || needed !== undefined || defined !== undefined;
  const interpreter = spec.interpreter === undefined ? undefined : utf8(`${spec.interpreter}\0`);
  const [headerSize, segmentSize] = wide ? [64, 56] : [52, 32];
  const segmentCount = 1 + (interpreter ? 1 : 0) + (dynamic ? 1 : 0);
  const pieces: Uint8Array[] = [];
  let end = headerSize + segmentSize * segmentCount;
  const put = (bytes: Uint8Array): number => {
    const at = Math.ceil(end / 8) * 8;
    pieces.push(new Uint8Array(at - end), bytes);
    end = at + bytes.length;
    return at;
  };
  const interpreterAt = interpreter ? put(interpreter) : 0;
  const stringBytes = strings.bytes();
  const stringsAt = put(stringBytes);
  if (dynamic) tags.push([5, stringsAt], [10, stringBytes.length]);
  if (needed) tags.push([0x6ffffffe, put(needed.bytes)], [0x6fffffff, needed.count]);
  if (defined) tags.push([0x6ffffffc, put(defined.bytes)], [0x6ffffffd, defined.count]);
  const words = [...tags, [0, 0] as const].flat().map((value) => word(value, order));
  const dynamicBytes = concat(words);
  const dynamicAt = dynamic ? put(dynamicBytes) : 0;
  const segments = [
    segment({ type: 1, at: 0, size: end }, order),
    ...(interpreter
      ? [segment({ type: 3, at: interpreterAt, size: interpreter.length }, order)]
      : []),
    ...(dynamic ? [segment({ type: 2, at: dynamicAt, size: dynamicBytes.length }, order)] : []),
  ];
  const header = concat([
    Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, littleEndian ? 1 : 2, 1, 0),
    new Uint8Array(8),
    half(TYPES[type], order),
    half(machine, order),
    int(1, order),
    ...[0, headerSize, 0].map((value) => word(value, order)),
    int(0, order),
    ...[headerSize, segmentSize, segmentCount, 0, 0, 0].map((value) => half(value, order)),
  ]);
  return concat([header, ...segments, ...pieces, utf8(spec.tail ?? '')]);
}

interface Order {
  readonly wide: boolean;
  readonly littleEndian: boolean;
}

function number(value: number, size: number, { littleEndian }: Order): Uint8Array {
  const view = new DataView(new ArrayBuffer(size));
  if (size === 2) view.setUint16(0, value, littleEndian);
  else if (size === 4) view.setUint32(0, value, littleEndian);
  else view.setBigUint64(0, BigInt(value), littleEndian);
  return new Uint8Array(view.buffer);
}

const half = (value: number, order: Order): Uint8Array => number(value, 2, order);
const int = (value: number, order: Order): Uint8Array => number(value, 4, order);
const word = (value: number, order: Order): Uint8Array => number(value, order.wide ? 8 : 4, order);

function segment(
  { type, at, size }: { readonly type: number; readonly at: number; readonly size: number },
  order: Order,
): Uint8Array {
  const places = [at, at, at, size, size].map((value) => word(value, order));
  const [flags, align] = [int(4, order), word(1, order)];
  return order.wide
    ? concat([int(type, order), flags, ...places, align])
    : concat([int(type, order), ...places, flags, align]);
}

function stringTable(): { readonly at: At; readonly bytes: () => Uint8Array } {
  let all = '\0';
  return {
    at(text) {
      const at = all.length;
      all += `${text}\0`;
      return at;
    },
    bytes: () => utf8(all),
  };
}

type At = (text: string) => number;

function namedTags(spec: ElfSpec, at: At): (readonly [number, number])[] {
  const tags: (readonly [number, number])[] = (spec.needed ?? []).map((name) => [1, at(name)]);
  if (spec.soname !== undefined) tags.push([14, at(spec.soname)]);
  if (spec.rpath !== undefined) tags.push([15, at(spec.rpath)]);
  if (spec.runpath !== undefined) tags.push([29, at(spec.runpath)]);
  if (spec.pie === true) tags.push([0x6ffffffb, 0x08000000]);
  return tags;
}

interface Table {
  readonly bytes: Uint8Array;
  readonly count: number;
}

function neededTable(spec: ElfSpec, at: At, order: Order): Table | undefined {
  const libraries = Object.entries(spec.versionsNeeded ?? {});
  if (libraries.length === 0) return undefined;
  const bytes = libraries.flatMap(([library, versions], index) => [
    ...[half(1, order), half(versions.length, order), int(at(library), order), int(16, order)],
    int(index + 1 < libraries.length ? 16 + 16 * versions.length : 0, order),
    ...versions.flatMap((version, i) => [
      ...[int(0, order), half(spec.weak?.includes(version) === true ? 2 : 0, order)],
      ...[half(i + 2, order), int(at(version), order)],
      int(i + 1 < versions.length ? 16 : 0, order),
    ]),
  ]);
  return { bytes: concat(bytes), count: libraries.length };
}

/** The first record is the library's own name, as linkers write it. */
function definedTable(spec: ElfSpec, at: At, order: Order): Table | undefined {
  const names = spec.versionsDefined ?? [];
  if (names.length === 0) return undefined;
  const all = [spec.soname ?? 'lib', ...names];
  const bytes = all.flatMap((name, index) => [
    ...[1, index === 0 ? 1 : 0, index + 1, 1].map((value) => half(value, order)),
    ...[0, 20, index + 1 < all.length ? 28 : 0].map((value) => int(value, order)),
    ...[at(name), 0].map((value) => int(value, order)),
  ]);
  return { bytes: concat(bytes), count: all.length };
}
