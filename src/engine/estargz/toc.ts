import { EngineError } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import { type Digest, isDigest } from '../oci/digest.ts';
import type { TarHeader, TarType } from '../tar/format.ts';
import { fromBase64 } from './base64.ts';

/** A piece of a file: the bytes that follow `inner` bytes of the gzip data from `start`. */
export interface Chunk {
  readonly start: number;
  /** Where the next thing the table knows of begins: nothing behind it is needed. */
  readonly end: number;
  readonly inner: number;
  /** Where in the file. */
  readonly offset: number;
  readonly size: number;
  readonly digest: Digest;
}

export interface TocFile {
  readonly header: TarHeader;
  /** In order, without gaps, adding up to the size. */
  readonly chunks: readonly Chunk[];
}

const TOC_LIMITS = {
  entries: 500_000,
  nameLength: 4096,
  fileBytes: 2 ** 40,
  /** A chunk is checked as a whole, in memory. */
  chunkBytes: 64 * 1024 * 1024,
} as const;

const TYPES: ReadonlyMap<unknown, TarType> = new Map<unknown, TarType>([
  ['reg', 'file'],
  ['dir', 'dir'],
  ['symlink', 'symlink'],
  ['hardlink', 'hardlink'],
  ['char', 'char'],
  ['block', 'block'],
  ['fifo', 'fifo'],
]);

/**
 * The table of contents of a layer whose file data ends at `dataEnd`. It comes from a stranger:
 * everything is checked, and whatever is wrong is EngineError `toc-invalid`. Names are not cleaned.
 */
export function parseToc(json: Uint8Array, dataEnd: number): readonly TocFile[] {
  const { entries } = record(parseJson(json), 'the table');
  if (!Array.isArray(entries)) throw invalid('it has no list of entries');
  if (entries.length > TOC_LIMITS.entries) throw invalid(`${entries.length} entries`);
  const list: readonly unknown[] = entries;
  const files: { header: TarHeader; chunks: OpenChunk[] }[] = [];
  for (const [index, value] of list.entries()) {
    if (!isObject(value)) throw invalid(`entry ${index} is not an object`);
    const fields = value;
    const at = (why: string): EngineError => invalid(`entry ${index}: ${why}`);
    if (fields['type'] === 'chunk') {
      const file = files.at(-1);
      if (file?.header.name !== text(fields, 'name', at)) throw at('a chunk away from its file');
      file.chunks.push(chunkOf(fields, at));
      continue;
    }
    const header = headerOf(fields, at);
    const chunks = header.type === 'file' && header.size > 0 ? [chunkOf(fields, at)] : [];
    files.push({ header, chunks });
  }
  setEnds(
    files.flatMap((file) => file.chunks),
    dataEnd,
  );
  return files.map(({ header, chunks }) => ({ header, chunks: closeChunks(header, chunks) }));
}

interface OpenChunk {
  readonly start: number;
  /** Known when all chunks are. */
  end: number;
  readonly inner: number;
  readonly offset: number;
  /** 0: to the end of the file. */
  readonly size: number;
  readonly digest: Digest;
}

type Fail = (why: string) => EngineError;

function invalid(why: string): EngineError {
  return new EngineError('toc-invalid', `invalid eStargz table of contents: ${why}`);
}

function parseJson(json: Uint8Array): unknown {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
    return parsed;
  } catch (cause) {
    throw new EngineError('toc-invalid', 'invalid eStargz table of contents: not JSON', { cause });
  }
}

function record(value: unknown, what: string): JsonObject {
  if (isObject(value)) return value;
  throw invalid(`${what} is not an object`);
}

/** A whole number from 0; 0 when the field is missing. */
function count(fields: JsonObject, name: string, most: number, fail: Fail): number {
  const value = fields[name] ?? 0;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
    throw fail(`${name} is not a number from 0 to ${most}`);
  }
  return value;
}

function text(fields: JsonObject, name: string, fail: Fail): string {
  const value = fields[name] ?? '';
  if (typeof value !== 'string') throw fail(`${name} is not a string`);
  if (value.length > TOC_LIMITS.nameLength)
    throw fail(`${name} is ${value.length} characters long`);
  if (value.includes('\0')) throw fail(`${name} contains NUL`);
  return value;
}

function digest(fields: JsonObject, name: string, fail: Fail): Digest {
  const value = fields[name];
  if (typeof value !== 'string' || !isDigest(value)) throw fail(`${name} is not a digest`);
  return value;
}

function headerOf(fields: JsonObject, fail: Fail): TarHeader {
  const type = TYPES.get(fields['type']);
  if (type === undefined) throw fail('unknown type');
  const name = text(fields, 'name', fail);
  const linkName = text(fields, 'linkName', fail);
  const link = type === 'symlink' || type === 'hardlink';
  if (link && linkName === '') throw fail('a link without target');
  const xattrs = xattrsOf(fields['xattrs'], fail);
  return {
    name,
    type,
    mode: count(fields, 'mode', 2 ** 32, fail) & 0o7777,
    uid: count(fields, 'uid', 0xffff_ffff, fail),
    gid: count(fields, 'gid', 0xffff_ffff, fail),
    size: type === 'file' ? count(fields, 'size', TOC_LIMITS.fileBytes, fail) : 0,
    mtime: timeOf(text(fields, 'modtime', fail), fail),
    linkName: link ? linkName : '',
    ...((type === 'char' || type === 'block') && {
      device: {
        major: count(fields, 'devMajor', 0xffff_ffff, fail),
        minor: count(fields, 'devMinor', 0xffff_ffff, fail),
      },
    }),
    ...(xattrs && { xattrs }),
  };
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

function timeOf(modtime: string, fail: Fail): number {
  if (modtime === '') return 0;
  const time = RFC3339.test(modtime) ? Date.parse(modtime) : Number.NaN;
  if (Number.isNaN(time)) throw fail('modtime is not a time');
  return time / 1000;
}

function xattrsOf(value: unknown, fail: Fail): Record<string, Uint8Array> | undefined {
  if (value === undefined || value === null) return undefined;
  const found = Object.entries(record(value, 'xattrs')).map(([key, encoded]) => {
    const bytes = typeof encoded === 'string' ? fromBase64(encoded) : undefined;
    if (!bytes || key === '' || key.includes('\0')) throw fail('malformed xattrs');
    return [key, bytes] as const;
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function chunkOf(fields: JsonObject, fail: Fail): OpenChunk {
  return {
    start: count(fields, 'offset', Number.MAX_SAFE_INTEGER, fail),
    end: 0,
    inner: count(fields, 'innerOffset', TOC_LIMITS.fileBytes, fail),
    offset: count(fields, 'chunkOffset', TOC_LIMITS.fileBytes, fail),
    size: count(fields, 'chunkSize', TOC_LIMITS.fileBytes, fail),
    digest: digest(fields, 'chunkDigest', fail),
  };
}

/** Says of each chunk where the next begins; two may share an offset only at different inner offsets. */
function setEnds(chunks: OpenChunk[], dataEnd: number): void {
  chunks.sort((a, b) => b.start - a.start || b.inner - a.inner);
  let next = { start: dataEnd, inner: 0, end: dataEnd };
  for (const chunk of chunks) {
    if (chunk.start >= dataEnd) throw invalid(`offset ${chunk.start} is behind the files' data`);
    const shared = chunk.start === next.start;
    if (shared && chunk.inner === next.inner) throw invalid(`two chunks begin at ${chunk.start}`);
    chunk.end = shared ? next.end : next.start;
    next = chunk;
  }
}

function closeChunks(header: TarHeader, chunks: readonly OpenChunk[]): readonly Chunk[] {
  const fail = (why: string): EngineError => invalid(`${JSON.stringify(header.name)}: ${why}`);
  let at = 0;
  const closed = chunks.map((chunk): Chunk => {
    const size = chunk.size === 0 ? header.size - chunk.offset : chunk.size;
    if (chunk.offset !== at || size <= 0) throw fail('its chunks leave gaps or overlap');
    if (size > TOC_LIMITS.chunkBytes) throw fail(`a chunk of ${size} bytes`);
    at += size;
    return { ...chunk, size };
  });
  if (at !== header.size) throw fail('its chunks do not add up to its size');
  return closed;
}
