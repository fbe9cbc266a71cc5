import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { collect, utf8 } from '../engine/bytes.ts';
import { httpServer, tcpServer, type TestServer } from '../testing/preview-servers.ts';
import { dialTcp } from '../testing/tcp-dial.ts';
import { valueOf } from './http/headers.ts';
import { openPreview, type PreviewRequest, type PreviewSession } from './session.ts';

const place = { origin: 'https://example.org', folder: '/preview/' };
const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(...[answers]: Parameters<typeof httpServer>): Promise<TestServer> {
  const server = await httpServer(answers);
  servers.push(server);
  return server;
}

function session(patience = 5000): PreviewSession {
  return openPreview({
    ...{ place, dial: dialTcp, now: () => Date.now(), patience, onLog: () => undefined },
    ...{ pageScript: 'https://example.org/preview-page.js', userAgent: 'Test/1' },
  });
}

const page = (port: number, target = '/'): PreviewRequest => ({
  ...{ address: { port, target, hash: '' }, method: 'GET', headers: [['accept', 'text/html']] },
  ...{ kind: 'page', lang: 'pt-BR' },
});
const script = (
  port: number,
  target = '/',
  more: Partial<PreviewRequest> = {},
): PreviewRequest => ({
  ...page(port, target),
  ...{ kind: 'script', from: { port, target: '/', hash: '' } },
  ...more,
});

async function text(preview: PreviewSession, request: PreviewRequest): Promise<string> {
  const { body } = await preview.answer(request);
  return new TextDecoder().decode(await collect(body));
}

describe('a page in the preview', () => {
  it('is asked for as a browser would, over a connection of its own', async () => {
    let seen: unknown;
    const server = await serve(({ headers }, response) => {
      seen = headers;
      response.setHeader('content-type', 'text/plain').end('hello');
    });
    const preview = session();
    expect(await text(preview, page(server.port, '/x?y=1'))).toBe('hello');
    expect(seen).toEqual({
      ...{ host: `localhost:${server.port}`, accept: 'text/html', 'user-agent': 'Test/1' },
      ...{ 'accept-encoding': 'identity', connection: 'close' },
    });
    await vi.waitFor(() => {
      expect(server.open()).toBe(0);
    });
  });

  it('has an origin that is nobody’s, and may load nothing', async () => {
    const server = await serve((_, response) => {
      response.setHeader('Content-Security-Policy', "default-src 'self'");
      response
        .setHeader('Set-Cookie', 'a=1')
        .setHeader('content-type', 'image/svg+xml')
        .end('<svg/>');
    });
    const { headers } = await session().answer(page(server.port));
    const policy = valueOf(headers, 'content-security-policy') ?? '';
    expect(policy).toMatch(/^sandbox allow-scripts allow-forms; default-src 'none'; /);
    expect(policy).not.toContain('allow-same-origin');
    expect(headers.map(([name]) => name.toLowerCase()).sort()).toEqual([
      ...['cache-control', 'content-security-policy', 'content-type', 'referrer-policy'],
    ]);
  });

  it('comes with its parts in it', async () => {
    const server = await serve(({ url }, response) => {
      const files: Readonly<Record<string, readonly [string, string]>> = {
        '/shop/': [
          'text/html; charset=utf-8',
          '<!doctype html><head><link rel=stylesheet href=/a.css integrity=x><link rel=icon href=/i>' +
            '<script src="../b.js" defer></script></head><body><img src=c.png srcset="c.png 1x, /d.png 2x">' +
            '<a href="/list">l</a><a href=next>n</a><a href="http://localhost:9090/x">o</a>' +
            '<form action="/post" target=_blank></form><img src="http://cdn.example/e.png"></body>',
        ],
        '/a.css': ['text/css', '@import "f.css"; body{background:url(g.png)}'],
        '/f.css': ['text/css', 'p{color:red}'],
        '/b.js': ['text/javascript', 'let b'],
        '/g.png': ['image/png', 'G'],
        '/shop/c.png': ['image/png', 'C'],
        '/d.png': ['image/png', 'D'],
      };
      const [type, content] = files[url ?? ''] ?? [];
      response.statusCode = type === undefined ? 404 : 200;
      response.setHeader('content-type', type ?? 'text/plain').end(content ?? 'no');
    });
    const html = await text(session(), page(server.port, '/shop/'));
    const data = (type: string, content: string): string =>
      `data:${type};base64,${Buffer.from(content).toString('base64')}`;
    const imported = data('text/css;charset=utf-8', 'p{color:red}');
    const sheet = `@import url("${imported}"); body{background:url("${data('image/png', 'G')}")}`;
    expect(html).toContain(`href="${data('text/css;charset=utf-8', sheet)}"`);
    expect(html).toContain(`defer="" src="${data('text/javascript', 'let b')}"`);
    const [c, d] = [data('image/png', 'C'), data('image/png', 'D')];
    expect(html).toContain(`<img src="${c}" srcset="${c} 1x, ${d} 2x">`);
    expect(html).toContain(`<a href="/preview/${server.port}/list">l</a><a href=next>n</a>`);
    expect(html).toContain('<a href="/preview/9090/x">');
    expect(html).toContain(`<form action="/preview/${server.port}/post">`);
    expect(html).toContain('<img src="http://cdn.example/e.png">');
    expect(html).not.toContain('integrity');
    expect(server.asked.toSorted()).toEqual([
      ...['GET /a.css', 'GET /b.js', 'GET /d.png', 'GET /f.css', 'GET /g.png', 'GET /shop/'],
      'GET /shop/c.png',
    ]);
  });

  it('runs our script before its own', async () => {
    const server = await serve((_, response) => {
      response.setHeader('content-type', 'text/html').end('<script>first()</script>');
    });
    const html = await text(session(), page(server.port));
    expect(html).toMatch(
      /^<script src="https:\/\/example.org\/preview-page.js" data-setup="[^"]*"><\/script><script>first/,
    );
  });

  it('has its redirects lead to where the site has the server', async () => {
    const server = await serve(({ url }, response) => {
      const [status, location] = (url ?? '').slice(1).split('|');
      response.writeHead(Number(status), { location: decodeURIComponent(location ?? '') }).end();
    });
    const preview = session();
    for (const [status, location, path] of [
      [302, '/list?x', `/preview/${server.port}/list?x`],
      [303, 'next', `/preview/${server.port}/next`],
      [307, 'http://localhost:9090/y', '/preview/9090/y'],
      [308, `http://127.0.0.1:${server.port}/z`, `/preview/${server.port}/z`],
    ] as const) {
      const answer = await preview.answer(
        page(server.port, `/${status}|${encodeURIComponent(location)}`),
      );
      expect(answer.status).toBe(status);
      expect(answer.headers).toEqual([['Location', path]]);
    }
    const outside = await text(preview, page(server.port, '/302|https%3A%2F%2Fexample.com%2F'));
    expect(outside).toContain('O link leva para fora');
    expect(outside).toContain('https://example.com/');
  });

  it('gets back its cookies, and those of no other port', async () => {
    const one = await serve(({ headers }, response) => {
      response.setHeader('Set-Cookie', ['a=1; HttpOnly', 'b=2']).end(headers.cookie ?? 'none');
    });
    const other = await serve(({ headers }, response) => {
      response.end(headers.cookie ?? 'none');
    });
    const preview = session();
    expect(await text(preview, page(one.port))).toBe('none');
    expect(await text(preview, page(one.port))).toBe('a=1; b=2');
    expect(await text(preview, page(other.port))).toBe('none');
    preview.setCookie({ port: one.port, target: '/', hash: '' }, 'c=3');
    expect(await text(preview, page(one.port))).toBe('a=1; b=2; c=3');
  });

  it('takes a form of 4 MB, and brings as much', async () => {
    const server = await serve(({ body, headers, method }, response) => {
      response.setHeader('content-type', 'application/octet-stream');
      response.setHeader(
        'x-about',
        `${method ?? ''} ${headers.origin ?? ''} ${headers['content-type'] ?? ''}`,
      );
      response.end(body);
    });
    const bytes = new Uint8Array(4 * 1024 * 1024).map((_, at) => at % 251);
    const from = { port: server.port, target: '/form', hash: '' };
    const answer = await session().answer({
      ...page(server.port, '/upload'),
      ...{ method: 'POST', body: bytes, from, headers: [['Content-Type', 'image/png']] },
    });
    expect(Buffer.compare(await collect(answer.body), bytes)).toBe(0);
  });

  it('is unpacked when a server packs it unasked', async () => {
    const server = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip').setHeader('content-type', 'text/plain');
      response.end(gzipSync('unpacked'));
    });
    expect(await text(session(), page(server.port))).toBe('unpacked');
  });

  it('is read in the encoding that it names', async () => {
    const server = await serve((_, response) => {
      response.setHeader('content-type', 'text/html; charset=iso-8859-1');
      response.end(Buffer.from('<p>ação', 'latin1'));
    });
    const { headers, body } = await session().answer(page(server.port));
    expect(new TextDecoder().decode(await collect(body))).toContain('<p>ação');
    expect(valueOf(headers, 'content-type')).toBe('text/html; charset=utf-8');
  });
});

describe('where there is no page', () => {
  it('says that nobody listens, in the reader’s language', async () => {
    const server = await serve(() => undefined);
    await server.close();
    servers.pop();
    const preview = session();
    const answer = await preview.answer({
      ...page(server.port, '/<x>'.replace(/[<>]/g, '')),
      lang: 'en',
    });
    expect(answer.status).toBe(502);
    expect(new TextDecoder().decode(await collect(answer.body))).toContain(
      `Nobody answers at port ${server.port}`,
    );
    expect(preview.log.entries()).toMatchObject([{ problem: 'refused', by: 'page' }]);
  });

  it.each([
    ['what is no HTTP', '-ERR what?\r\n', 'Isso não é HTTP'],
    ['an answer that ends half way', 'HTTP/1.1 200 OK\r\nServer:', 'A resposta parou no meio'],
    [
      'headers without end',
      `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}`,
      'Cabeçalhos sem fim',
    ],
  ])('says so of %s', async (_, answer, said) => {
    const server = await tcpServer((socket) => {
      socket.once('data', () => socket.end(answer));
    });
    servers.push(server);
    expect(await text(session(), page(server.port))).toContain(said);
  });

  it.each([
    ['closed', (socket: Socket) => socket.end()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('says so of a connection that is %s at once', async (_, end) => {
    const server = await tcpServer((socket) => socket.once('data', () => end(socket)));
    servers.push(server);
    expect(await text(session(), page(server.port))).toContain('A conexão fechou sem resposta');
  });

  it('says so of a server that takes the connection and its time', async () => {
    const server = await tcpServer((socket) => socket.resume());
    servers.push(server);
    expect(await text(session(50), page(server.port))).toContain('não respondeu a tempo');
    await vi.waitFor(() => {
      expect(server.open()).toBe(0);
    });
  });
});

describe('a script of a page', () => {
  it('gets what the server answers, as it comes', async () => {
    let more: () => void = () => undefined;
    const server = await serve((_, response) => {
      response.setHeader('content-type', 'text/event-stream').write('data: 1\n\n');
      more = () => response.end('data: 2\n\n');
    });
    const { body, headers } = await session().answer(script(server.port));
    expect(valueOf(headers, 'content-type')).toBe('text/event-stream');
    const pieces: string[] = [];
    for await (const piece of body) {
      pieces.push(new TextDecoder().decode(piece));
      more();
    }
    expect(pieces.join('')).toBe('data: 1\n\ndata: 2\n\n');
    expect(pieces.length).toBeGreaterThan(1);
  });

  it('follows redirects as fetch does', async () => {
    const server = await serve(({ url, method, body }, response) => {
      if (url === '/a') response.writeHead(302, { location: '/b' }).end();
      else if (url === '/c') response.writeHead(307, { location: '/b' }).end();
      else if (url === '/loop') response.writeHead(302, { location: '/loop' }).end();
      else response.end(`${method ?? ''} ${String(body.length)}`);
    });
    const preview = session();
    const post = { method: 'POST', body: utf8('abc') };
    expect(await text(preview, script(server.port, '/a', post))).toBe('GET 0');
    expect(await text(preview, script(server.port, '/c', post))).toBe('POST 3');
    expect(await preview.answer(script(server.port, '/a'))).toMatchObject({
      ...{ url: `http://localhost:${server.port}/b`, redirected: true },
    });
    for (const [target, redirect] of [
      ['/loop', 'follow'],
      ['/a', 'error'],
    ] as const) {
      const asked = preview.answer(script(server.port, target, { redirect }));
      await expect(asked).rejects.toMatchObject({ problem: 'redirects' });
    }
  });

  it('asks with HEAD, and has no body', async () => {
    const server = await serve((_, response) => {
      response.setHeader('content-length', '12').end('not for HEAD');
    });
    const preview = session();
    const { headers, body } = await preview.answer(script(server.port, '/', { method: 'HEAD' }));
    expect(valueOf(headers, 'content-length')).toBe('12');
    expect(await collect(body)).toHaveLength(0);
  });

  it('reads of another port only what that allows, without its cookies', async () => {
    const other = await serve(({ headers, url }, response) => {
      if (url === '/open') response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Set-Cookie', 'a=1').end(headers.cookie ?? headers.origin ?? 'none');
    });
    const preview = session();
    await collect((await preview.answer(page(other.port))).body);
    const from = { port: 1234, target: '/', hash: '' };
    const refused = preview.answer(script(other.port, '/closed', { from }));
    await expect(refused).rejects.toMatchObject({ problem: 'forbidden' });
    const allowed = script(other.port, '/open', { from });
    expect(await text(preview, allowed)).toBe('http://localhost:1234');
  });

  it('that gives up ends its connection', async () => {
    const server = await serve((_, response) => {
      response.write('the beginning');
    });
    const control = new AbortController();
    const { body } = await session().answer(script(server.port), control.signal);
    const all = collect(body);
    control.abort();
    await expect(all).rejects.toMatchObject({ problem: 'cut-off' });
    await vi.waitFor(() => {
      expect(server.open()).toBe(0);
    });
  });

  it('that asks without end is refused, and leaves the server its connections', async () => {
    const server = await tcpServer(() => undefined);
    servers.push(server);
    const preview = session();
    const control = new AbortController();
    const problems: unknown[] = [];
    const asked = Array.from({ length: 1000 }, () =>
      preview.answer(script(server.port), control.signal).catch((error: unknown) => {
        problems.push(error);
      }),
    );
    await vi.waitFor(() => {
      expect(problems.length).toBe(1000 - 12 - 300);
      expect(server.open()).toBe(12);
    });
    expect(problems[0]).toMatchObject({ problem: 'too-many' });
    expect(preview.log.entries().length).toBe(300);
    control.abort();
    await Promise.all(asked);
  });
});
