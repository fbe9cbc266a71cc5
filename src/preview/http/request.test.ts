import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../../engine/bytes.ts';
import { type HttpRequest, requestHead, requestPieces, withHeaders } from './request.ts';

const GET: HttpRequest = {
  ...{ method: 'GET', target: '/list?page=2', host: 'localhost:8080' },
  headers: [['Accept', '*/*']],
};
const text = (request: HttpRequest, cookies?: string): string =>
  new TextDecoder().decode(requestHead(request, cookies));

describe('a request', () => {
  it('is asked over a connection that ends with it, and for bytes as they are', () => {
    expect(text(GET, 'a=1; b=2').split('\r\n')).toEqual([
      'GET /list?page=2 HTTP/1.1',
      'Host: localhost:8080',
      'Accept: */*',
      'Accept-Encoding: identity',
      'Cookie: a=1; b=2',
      'Connection: close',
      ...['', ''],
    ]);
  });

  it('says how long its body is, also when it is empty', () => {
    expect(text({ ...GET, method: 'POST', body: utf8('q=é') })).toContain('Content-Length: 4\r\n');
    expect(text({ ...GET, method: 'POST' })).toContain('Content-Length: 0\r\n');
    expect(text(GET)).not.toContain('Content-Length');
  });

  it('has no header about a connection that the caller names', () => {
    const headers = [
      ['connection', 'keep-alive'],
      ['Host', 'elsewhere'],
      ['Content-Length', '12'],
      ['Transfer-Encoding', 'chunked'],
      ['Cookie', 'x=y'],
    ] as const;
    expect(text({ ...GET, headers })).toBe(text({ ...GET, headers: [] }));
  });

  it.each([
    [{ target: '/a b' }],
    [{ target: '/a\r\nX: y' }],
    [{ target: 'http://x/' }],
    [{ method: 'GE T' }],
    [{ headers: [['A', 'b\r\nC: d']] as const }],
  ])('is none with %j', (wrong) => {
    expect(() => requestHead({ ...GET, ...wrong })).toThrow(RangeError);
  });

  it('goes out in pieces, of which a small one is whole', () => {
    const head = requestHead(GET);
    expect([...requestPieces(head, utf8('hi'))]).toEqual([concat([head, utf8('hi')])]);
    const large = [...requestPieces(head, new Uint8Array(200_000))];
    expect(large.length).toBe(5);
    expect(concat(large).length).toBe(head.length + 200_000);
  });

  it('has headers that are replaced or taken away by name', () => {
    expect(
      withHeaders(
        [
          ['accept', 'a'],
          ['B', 'b'],
        ],
        { Accept: 'c', b: undefined },
      ),
    ).toEqual([['Accept', 'c']]);
  });
});
