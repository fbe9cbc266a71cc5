import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSite, type SiteServer } from './server.ts';

let root: string;
let server: SiteServer;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'semdistro-site-'));
  await mkdir(join(root, 'dist', 'licoes'), { recursive: true });
  await writeFile(join(root, 'secret'), 'secret');
  await writeFile(join(root, 'dist', 'index.html'), '<p>home');
  await writeFile(join(root, 'dist', '404.html'), '<p>none');
  await writeFile(join(root, 'dist', 'licoes', 'index.html'), '<p>lessons');
  await writeFile(join(root, 'dist', 'blob'), '0123456789');
  server = await serveSite({ folder: join(root, 'dist'), port: 0 });
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** As written: `fetch` would tidy the path up. */
function get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.origin);
    request({ hostname, port, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
    })
      .on('error', reject)
      .end();
  });
}

describe('the site is served as a static host does', () => {
  it.each([
    ['/', 200, '<p>home'],
    ['/licoes/', 200, '<p>lessons'],
    ['/licoes/?q=1', 200, '<p>lessons'],
    ['/nothing', 404, '<p>none'],
    ['/../secret', 404, '<p>none'],
    ['/%2e%2e/secret', 404, '<p>none'],
    ['/..%2fsecret', 404, '<p>none'],
    ['/%', 404, '<p>none'],
  ])('%s: %i', async (path, status, body) => {
    expect(await get(path)).toMatchObject({ status, body });
  });

  it('a folder without its slash is sent on', async () => {
    expect(await get('/licoes')).toMatchObject({ status: 301, headers: { location: '/licoes/' } });
  });

  it('with the Content-Security-Policy that pages have', async () => {
    const { headers } = await get('/');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('a range of a file', () => {
  it.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=8-', 206, '89', 'bytes 8-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=0-1,3-4', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
  ])('%s: %i', async (range, status, body, told) => {
    const answer = await get('/blob', { range });
    expect(answer).toMatchObject({ status, body });
    expect(answer.headers['content-range']).toBe(told);
  });
});

describe('a port that another program has', () => {
  it('is passed over', async () => {
    const { port } = new URL(server.origin);
    const other = await serveSite({ folder: join(root, 'dist'), port: Number(port) });
    expect(other.origin).not.toBe(server.origin);
    await other.close();
  });
});
