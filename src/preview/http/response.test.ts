import { describe, expect, it } from 'vitest';
import { collect, utf8 } from '../../engine/bytes.ts';
import { byteReader } from './reader.ts';
import { type HttpResponse, readResponse } from './response.ts';

/** The bytes as a network may bring them: in pieces of this length. */
async function* pieces(text: string, length = Infinity): AsyncGenerator<Uint8Array> {
  const bytes = utf8(text);
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

const read = (text: string, method = 'GET', length = Infinity): Promise<HttpResponse> =>
  readResponse(byteReader(pieces(text, length)), { method });

async function whole(text: string, method = 'GET', length = Infinity): Promise<string> {
  const { body } = await read(text, method, length);
  return new TextDecoder().decode(await collect(body));
}

const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' +
  '5;name=value\r\nhello\r\n7 \r\n, world\r\n0\r\nTrailer: x\r\n\r\n';

describe('an answer of HTTP/1.1', () => {
  it('has a status, and headers in their order', async () => {
    const { status, reason, headers } = await read(
      'HTTP/1.1 404 Not Found\r\nServer: x\r\nSet-Cookie: a=1\r\nset-cookie:b=2  \r\n\r\n',
    );
    expect({ status, reason }).toEqual({ status: 404, reason: 'Not Found' });
    expect(headers).toEqual([
      ['Server', 'x'],
      ['Set-Cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
  });

  it.each([1, 2, 3, 7, Infinity])('is the same in pieces of %s bytes', async (length) => {
    expect(await whole(CHUNKED, 'GET', length)).toBe('hello, world');
    expect(await whole('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi', 'GET', length)).toBe('hi');
  });

  it('has a body of the length it says, and nothing after it', async () => {
    expect(await whole('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi!!')).toBe('hi');
    expect(await whole('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')).toBe('');
    expect(await whole('HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nhi')).toBe('hi');
  });

  it('without a length goes on until the connection ends', async () => {
    expect(await whole('HTTP/1.0 200 OK\r\n\r\nas long as it lasts')).toBe('as long as it lasts');
  });

  it('in chunks has the length of its chunks, whatever else it says', async () => {
    const both = CHUNKED.replace('\r\n\r\n', '\r\nContent-Length: 3\r\n\r\n');
    expect(await whole(both)).toBe('hello, world');
  });

  it('may leave out what follows its last chunk', async () => {
    expect(await whole(CHUNKED.replace('Trailer: x\r\n\r\n', ''))).toBe('hello, world');
  });

  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n'],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 12\r\n\r\n'],
  ])('to %s has no body where there is none: %j', async (method, text) => {
    expect(await whole(text, method)).toBe('');
  });

  it('comes after interim ones', async () => {
    const text =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' +
      'HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok';
    expect((await read(text, 'POST')).status).toBe(201);
    expect(await whole(text, 'POST')).toBe('ok');
  });

  it('is taken as servers write it', async () => {
    const { status, reason, headers } = await read('HTTP/1.1 200\nA : b\n  c\n\nx');
    expect({ status, reason, headers }).toEqual({
      status: 200,
      reason: '',
      headers: [['A', 'b c']],
    });
  });
});

describe('what is no answer', () => {
  it.each([
    ['-ERR unknown command\r\n', 'not-http'],
    ['\x15\x03\x01\x00\x02\x02\x16\n', 'not-http'],
    ['HTTP/2 200\r\n\r\n', 'not-http'],
    ['HTTP/1.1 20 OK\r\n\r\n', 'not-http'],
    ['HTTP/1.1 200 OK\r\nno colon\r\n\r\n', 'not-http'],
    ['HTTP/1.1 200 OK\r\na b: c\r\n\r\n', 'not-http'],
    ['HTTP/1.1 200 OK\r\n: c\r\n\r\n', 'not-http'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc', 'not-http'],
    ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', 'not-http'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', 'encoding'],
    ['', 'empty'],
    ['HTTP/1.1 200 OK\r\nServer: x\r\n', 'cut-off'],
    ['HTTP/1.1 200 O', 'cut-off'],
    [`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}\r\n`, 'head-too-large'],
    [`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`, 'head-too-large'],
    ['HTTP/1.1 100 Continue\r\n\r\n'.repeat(30), 'not-http'],
  ])('%j', async (text, problem) => {
    await expect(read(text)).rejects.toMatchObject({ problem });
  });

  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi', 'cut-off'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel', 'cut-off'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello', 'cut-off'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', 'cut-off'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n', 'not-http'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 'not-http'],
    [
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;${'x'.repeat(9000)}`,
      'head-too-large',
    ],
  ])('shows in the body: %j', async (text, problem) => {
    await expect(whole(text)).rejects.toMatchObject({ problem });
  });
});
