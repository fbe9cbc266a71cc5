import { architectureOf, type Elf } from './elf.ts';
import { fieldsOf, type Fields } from './fields.ts';
import { definedVersions, neededVersions } from './versions.ts';

/** Bytes that can be read anywhere: a file of a layer, or memory. */
export interface Readable {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Files that say they have more than this are damaged or made to be read for ever. */
const MOST_HEADERS = 4096;
const LARGEST_DYNAMIC = 1024 * 1024;
const LARGEST_STRINGS = 16 * 1024 * 1024;
const LARGEST_VERSIONS = 4 * 1024 * 1024;
const LONGEST_INTERPRETER = 4096;

/**
 * Reads what is needed of an ELF file: its headers and dynamic section, wherever they are, and nothing
 * else of it. Undefined when it is none. Fields of a damaged file are what could be read: it never throws
 * but what `read` throws.
 */
export async function readElf(file: Readable): Promise<Elf | undefined> {
  const head = await file.read(0, 64);
  if (head[0] !== 0x7f || head[1] !== 0x45 || head[2] !== 0x4c || head[3] !== 0x46)
    return undefined;
  const [bits, littleEndian] = [head[4] === 2 ? 64 : 32, head[5] !== 2] as const;
  if (head.length < (bits === 64 ? 64 : 52) || (head[4] !== 1 && head[4] !== 2)) return undefined;
  const order = { bits, littleEndian } as const;
  const fields = fieldsOf(head, order);
  const machine = fields.u16(18) ?? 0;
  const read = async (at: number, length: number): Promise<Fields> =>
    fieldsOf(await file.read(at, Math.max(Math.min(length, file.size - at), 0)), order);
  const segments = await readSegments(fields, bits, read);
  const interpreter = segments.find(({ type }) => type === PT_INTERP);
  return {
    ...order,
    machine,
    architecture: architectureOf(machine, littleEndian),
    type: TYPES[fields.u16(16) ?? 0] ?? 'other',
    interpreter:
      interpreter &&
      ((await read(interpreter.offset, Math.min(interpreter.size, LONGEST_INTERPRETER))).text(0) ??
        ''),
    ...(await readDynamic(segments, bits, read)),
  };
}

type Read = (at: number, length: number) => Promise<Fields>;

const TYPES: Readonly<Record<number, Elf['type']>> = { 2: 'executable', 3: 'shared' };
const [PT_LOAD, PT_DYNAMIC, PT_INTERP] = [1, 2, 3];

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  /** In the file. */
  readonly size: number;
}

async function readSegments(head: Fields, bits: 32 | 64, read: Read): Promise<readonly Segment[]> {
  const wide = bits === 64;
  const at = head.word(wide ? 32 : 28) ?? 0;
  const size = head.u16(wide ? 54 : 42) ?? 0;
  const count = Math.min(head.u16(wide ? 56 : 44) ?? 0, MOST_HEADERS);
  if (size < (wide ? 56 : 32)) return [];
  const table = await read(at, size * count);
  const segments: Segment[] = [];
  for (let i = 0; i < count; i++) {
    const type = table.u32(i * size);
    const offset = table.word(i * size + (wide ? 8 : 4));
    const address = table.word(i * size + (wide ? 16 : 8));
    const length = table.word(i * size + (wide ? 32 : 16));
    if (type === undefined || offset === undefined) continue;
    if (address === undefined || length === undefined) continue;
    segments.push({ type, offset, address, size: length });
  }
  return segments;
}

const DT = {
  ...{ NEEDED: 1, STRTAB: 5, STRSZ: 10, SONAME: 14, RPATH: 15, RUNPATH: 29 },
  ...{ FLAGS_1: 0x6ffffffb, VERDEF: 0x6ffffffc, VERDEFNUM: 0x6ffffffd },
  ...{ VERNEED: 0x6ffffffe, VERNEEDNUM: 0x6fffffff },
} as const;
const DF_1_PIE = 0x08000000;

type Dynamic = Pick<
  Elf,
  | 'dynamic'
  | 'pie'
  | 'soname'
  | 'needed'
  | 'rpath'
  | 'runpath'
  | 'versionsNeeded'
  | 'versionsDefined'
>;

async function readDynamic(
  segments: readonly Segment[],
  bits: 32 | 64,
  read: Read,
): Promise<Dynamic> {
  const segment = segments.find(({ type }) => type === PT_DYNAMIC);
  const tags = segment ? await readTags(segment, bits, read) : [];
  const one = (tag: number): number | undefined => tags.find(([name]) => name === tag)?.[1];
  /** Bytes at an address in memory, up to the end of what the file has of it. */
  const load = async (address: number | undefined, limit: number): Promise<Fields | undefined> => {
    const holder = segments.find(
      ({ type, address: start, size }) =>
        type === PT_LOAD && address !== undefined && address >= start && address < start + size,
    );
    if (!holder || address === undefined) return undefined;
    const skipped = address - holder.address;
    return read(holder.offset + skipped, Math.min(holder.size - skipped, limit));
  };
  const strings = await load(one(DT.STRTAB), Math.min(one(DT.STRSZ) ?? 0, LARGEST_STRINGS));
  const text = (at: number): string => strings?.text(at) ?? '';
  const all = (tag: number): readonly string[] =>
    tags.filter(([name]) => name === tag).map(([, value]) => text(value));
  const paths = (tag: number): readonly string[] =>
    all(tag).flatMap((list) => list.split(':').filter((path) => path !== ''));
  const needed = await load(one(DT.VERNEED), LARGEST_VERSIONS);
  const defined = await load(one(DT.VERDEF), LARGEST_VERSIONS);
  return {
    dynamic: segment !== undefined,
    pie: ((one(DT.FLAGS_1) ?? 0) & DF_1_PIE) !== 0,
    soname: all(DT.SONAME)[0],
    needed: all(DT.NEEDED),
    rpath: paths(DT.RPATH),
    runpath: paths(DT.RUNPATH),
    versionsNeeded: needed ? neededVersions(needed, one(DT.VERNEEDNUM) ?? 0, text) : [],
    versionsDefined: defined ? definedVersions(defined, one(DT.VERDEFNUM) ?? 0, text) : [],
  };
}

async function readTags(
  { offset, size }: Segment,
  bits: 32 | 64,
  read: Read,
): Promise<readonly (readonly [tag: number, value: number])[]> {
  const width = bits / 8;
  const table = await read(offset, Math.min(size, LARGEST_DYNAMIC));
  const tags: (readonly [number, number])[] = [];
  for (let at = 0; at < table.length; at += 2 * width) {
    // Tags that are too large to be numbers here are none that are looked for.
    const tag = table.word(at) ?? -1;
    if (tag === 0) break;
    tags.push([tag, table.word(at + width) ?? 0]);
  }
  return tags;
}
