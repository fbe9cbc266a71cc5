import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

/** As a site would be served: nothing but this page's own scripts, WebAssembly among them. */
const CSP = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  // v86 keeps its timers in a worker made of a blob; without it it does not even load.
  "worker-src 'self' blob:",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** What web servers compress on their way. */
const COMPRESSED = new Set(['.js', '.json', '.wasm']);

const KEEP = { 'Cache-Control': 'public, max-age=3600' };

export interface MachineServer {
  readonly url: string;
  /** Bytes of bodies sent since `forget`, by path. */
  readonly sent: ReadonlyMap<string, number>;
  forget(): void;
  close(): Promise<void>;
}

/**
 * Serves a page, and folders below their names (`/pantry/…`), as a static web server does: with
 * ranges, compressing what is worth it, and with the headers that let a browser keep things.
 */
export async function serveMachine(site: {
  readonly pages: Readonly<Record<string, Uint8Array | string>>;
  readonly folders: Readonly<Record<string, string>>;
}): Promise<MachineServer> {
  const sent = new Map<string, number>();
  const count = (path: string, bytes: number): void => {
    sent.set(path, (sent.get(path) ?? 0) + bytes);
  };

  const zips = new Map<string, Uint8Array>();
  const packed = (path: string, body: Uint8Array): Uint8Array => {
    const zipped = zips.get(path) ?? gzipSync(body, { level: 9 });
    zips.set(path, zipped);
    return zipped;
  };

  const answer = async (from: IncomingMessage, to: ServerResponse): Promise<void> => {
    const path = normalize(decodeURIComponent(new URL(from.url ?? '/', 'http://x').pathname));
    const type = TYPES[path === '/' ? '.html' : extname(path)] ?? 'application/octet-stream';
    const whole = (body: Uint8Array, headers: Readonly<Record<string, string>>): void => {
      const zipped = packed(path, body);
      count(path, zipped.length);
      to.writeHead(200, { 'Content-Type': type, 'Content-Encoding': 'gzip', ...headers });
      to.end(zipped);
    };
    const page = site.pages[path];
    if (page !== undefined) {
      whole(Buffer.from(page), { 'Content-Security-Policy': CSP });
      return;
    }
    const [, name = '', ...rest] = path.split('/');
    const folder = site.folders[name];
    const file = folder === undefined ? undefined : join(folder, ...rest);
    const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
    if (file === undefined || found?.isFile() !== true) return void to.writeHead(404).end();
    if (from.headers.range === undefined && COMPRESSED.has(extname(path))) {
      whole(await readFile(file), KEEP);
      return;
    }
    const range = /^bytes=(\d+)-(\d*)$/.exec(from.headers.range ?? '');
    const start = Number(range?.[1] ?? 0);
    const last = range?.[2] === undefined || range[2] === '' ? found.size - 1 : Number(range[2]);
    const end = Math.min(found.size - 1, last);
    if (range !== null && start > end) return void to.writeHead(416).end();
    count(path, end - start + 1);
    to.writeHead(range === null ? 200 : 206, {
      'Content-Type': type,
      'Content-Length': end - start + 1,
      'Accept-Ranges': 'bytes',
      ...KEEP,
      ...(range !== null && { 'Content-Range': `bytes ${start}-${end}/${found.size}` }),
    });
    createReadStream(file, { start, end }).pipe(to);
  };

  const server = createServer((from, to) => {
    answer(from, to).catch((error: unknown) => {
      to.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    sent,
    forget: () => {
      sent.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
