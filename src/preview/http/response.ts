import { PreviewFailure } from '../problem.ts';
import { type Header, tokensOf, valuesOf } from './headers.ts';
import type { ByteReader } from './reader.ts';

/** An answer whose head is there; its body is read as it comes, once. */
export interface HttpResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
  /** Fails with `cut-off` when the connection ends before it does. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface ReadOptions {
  /** Of the request: the answer to a HEAD has no body, whatever its head says. */
  readonly method: string;
  /** Bytes of the head, all lines together. */
  readonly headLimit?: number;
}

export const HEAD_LIMIT = 64 * 1024;
/** Of a chunk's first line with its extensions. */
const CHUNK_LINE = 4096;
/** More interim answers than anybody sends. */
const INTERIM = 20;

/**
 * Reads one answer of HTTP/1.1 or 1.0 (RFC 9112). Lenient where servers are: lone LF, no reason,
 * spaces around values. Rejects with PreviewFailure.
 */
export async function readResponse(
  reader: ByteReader,
  { method, headLimit = HEAD_LIMIT }: ReadOptions,
): Promise<HttpResponse> {
  for (let interim = 0; interim < INTERIM; interim++) {
    const head = await readHead(reader, headLimit);
    // 100 Continue, 103 Early Hints: the answer itself follows.
    if (head.status < 200 && head.status !== 101) continue;
    return { ...head, body: bodyOf(reader, head, method) };
  }
  throw malformed('more interim answers than an answer has');
}

async function readHead(reader: ByteReader, limit: number): Promise<Omit<HttpResponse, 'body'>> {
  let left = limit;
  const next = async (): Promise<string> => {
    const line = await reader.line(left);
    if (line === undefined) throw new PreviewFailure('cut-off', 'the connection ended in the head');
    left -= line.length + 2;
    return line;
  };
  const first = await reader.line(left);
  if (first === undefined)
    throw new PreviewFailure('empty', 'the connection ended without an answer');
  left -= first.length + 2;
  const [, code, reason = ''] = /^HTTP\/1\.\d (\d{3})(?: (.*))?$/.exec(first.trimEnd()) ?? [];
  if (code === undefined) throw malformed(`no status line: ${JSON.stringify(first.slice(0, 60))}`);
  const headers: Header[] = [];
  for (let line = await next(); line !== ''; line = await next()) {
    const before = headers.at(-1);
    if (/^[ \t]/.test(line) && before) {
      // Folded, as old servers do.
      headers[headers.length - 1] = [before[0], `${before[1]} ${line.trim()}`];
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trimEnd();
    if (colon <= 0 || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
      throw malformed(`no header: ${JSON.stringify(line.slice(0, 60))}`);
    }
    headers.push([name, line.slice(colon + 1).trim()]);
  }
  return { status: Number(code), reason, headers };
}

function bodyOf(
  reader: ByteReader,
  { status, headers }: Omit<HttpResponse, 'body'>,
  method: string,
): AsyncIterable<Uint8Array> {
  if (method === 'HEAD' || status === 204 || status === 304 || status === 101) return nothing();
  const codings = tokensOf(headers, 'transfer-encoding');
  if (codings.length > 0) {
    if (codings.some((coding) => coding !== 'chunked' && coding !== 'identity')) {
      throw new PreviewFailure('encoding', `transfer-encoding ${codings.join(', ')}`);
    }
    return codings.includes('chunked') ? chunked(reader) : untilEnd(reader);
  }
  // Said twice alike is said once; RFC 9112, section 6.3.
  const lengths = new Set(tokensOf(headers, 'content-length'));
  const [length, other] = lengths;
  if (length === undefined) return untilEnd(reader);
  if (other !== undefined || !/^\d{1,15}$/.test(length)) {
    throw malformed(`content-length ${valuesOf(headers, 'content-length').join(', ')}`);
  }
  return counted(reader, Number(length));
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // No body.
}

async function* untilEnd(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (let piece = await reader.some(); piece; piece = await reader.some()) yield piece;
}

async function* counted(reader: ByteReader, length: number): AsyncGenerator<Uint8Array> {
  let left = length;
  while (left > 0) {
    const piece = await reader.some(left);
    if (!piece) {
      throw new PreviewFailure('cut-off', `${length - left} of ${length} bytes came`);
    }
    left -= piece.length;
    yield piece;
  }
}

async function* chunked(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const line = await reader.line(CHUNK_LINE);
    if (line === undefined) throw new PreviewFailure('cut-off', 'no last chunk came');
    const [, size] = /^([0-9a-f]{1,13})[ \t]*(?:;.*)?$/i.exec(line) ?? [];
    if (size === undefined) throw malformed(`no chunk: ${JSON.stringify(line.slice(0, 60))}`);
    const length = Number.parseInt(size, 16);
    if (length === 0) break;
    yield* counted(reader, length);
    const end = await reader.line(CHUNK_LINE);
    if (end === undefined) throw new PreviewFailure('cut-off', 'a chunk has no end');
    if (end !== '') throw malformed('a chunk is longer than it says');
  }
  // Trailers say nothing that a page may know. Some servers leave out the empty line after them.
  let left = HEAD_LIMIT;
  for (;;) {
    const line = await reader.line(left);
    if (line === undefined || line === '') return;
    left -= line.length + 2;
  }
}

function malformed(what: string): PreviewFailure {
  return new PreviewFailure('not-http', what);
}
