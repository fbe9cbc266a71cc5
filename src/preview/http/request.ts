import { concat, utf8 } from '../../engine/bytes.ts';
import { type Header, without } from './headers.ts';

/** What is asked of a server, once: the connection ends with the answer. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query, `/list?page=2`. */
  readonly target: string;
  /** `localhost:8080`. */
  readonly host: string;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array | undefined;
}

/** Set here, or about a connection that is not the browser's. */
const OURS = new Set([
  ...['host', 'connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade'],
  ...['transfer-encoding', 'content-length', 'accept-encoding', 'expect', 'cookie'],
]);

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** The bytes of a request's head. Throws RangeError for what no request can have. */
export function requestHead(request: HttpRequest, cookies = ''): Uint8Array {
  const { method, target, host, headers, body } = request;
  if (!/^[A-Z]{1,20}$/.test(method)) throw new RangeError(`no method: ${method}`);
  if (!/^\/[\x21-\x7e]*$/.test(target)) throw new RangeError(`no path: ${target}`);
  const length = body?.length ?? 0;
  const fields: readonly Header[] = [
    ['Host', host],
    ...without(headers, OURS),
    // Plain: what is shown is what was sent, and nothing has to be unpacked.
    ['Accept-Encoding', 'identity'],
    ...(cookies === '' ? [] : [['Cookie', cookies] as const]),
    ...(length > 0 || WITH_BODY.has(method) ? [['Content-Length', String(length)] as const] : []),
    ['Connection', 'close'],
  ];
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  for (const line of lines) {
    if (/[\r\n\0]/.test(line.slice(0, -2))) throw new RangeError('a header has a line end in it');
  }
  return utf8(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`);
}

/** The same with fields that replace those of the same name. */
export function withHeaders(
  headers: readonly Header[],
  more: Readonly<Record<string, string | undefined>>,
): readonly Header[] {
  const names = new Set(Object.keys(more).map((name) => name.toLowerCase()));
  const added = Object.entries(more).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return [...without(headers, names), ...added];
}

/** Head and body in pieces that a connection takes one after the other. */
export function* requestPieces(
  head: Uint8Array,
  body: Uint8Array | undefined,
): Generator<Uint8Array> {
  const piece = 64 * 1024;
  if (!body || body.length <= piece) {
    // In one piece, as small requests go on a network.
    yield body ? concat([head, body]) : head;
    return;
  }
  yield head;
  for (let at = 0; at < body.length; at += piece) yield body.subarray(at, at + piece);
}
