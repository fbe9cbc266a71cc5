import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';

/** A request for a file of the pantry, and what of it was sent. */
export interface Request {
  /** Below the pantry: `index.json`, `blobs/sha256/…`. */
  readonly path: string;
  /** Of the whole file. */
  readonly size: number;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Whether a range was asked for. */
  readonly ranged: boolean;
}

export interface PantryServer {
  readonly url: string;
  /** Since `forget`, in the order they came. */
  readonly requests: readonly Request[];
  /** Forgets requests, and what should have been broken off and never came. */
  forget(): void;
  /** The next request that matches gets half of its bytes, and then the connection breaks. */
  breakOff(matching: (request: Request) => boolean): void;
  /** While it is true, no request for the pantry is answered at all. */
  silence(silent: boolean): void;
  close(): Promise<void>;
}

/** Serves a page, its worker, and the pantry's layout below `/pantry/` with ranges, as a static web server does. */
export async function servePantry(site: {
  readonly layout: string;
  readonly page: Uint8Array;
  readonly worker: Uint8Array;
}): Promise<PantryServer> {
  let requests: Request[] = [];
  let breaking: ((request: Request) => boolean) | undefined;
  let silent = false;

  const pantry = async (path: string, from: IncomingMessage, to: ServerResponse): Promise<void> => {
    if (silent) return void to.destroy();
    const file = join(site.layout, path);
    const found = await stat(file).catch(() => undefined);
    if (!/^(?:index\.json|blobs\/sha256\/[0-9a-f]{64})$/.test(path) || !found) {
      return void to.writeHead(404).end();
    }
    const { size } = found;
    const range = /^bytes=(\d+)-(\d+)$/.exec(from.headers.range ?? '');
    const start = Number(range?.[1] ?? 0);
    const end = Math.min(size, Number(range?.[2] ?? size - 1) + 1);
    const request = { path, size, start, end, ranged: range !== null };
    requests.push(request);
    to.writeHead(range ? 206 : 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': end - start,
      'Accept-Ranges': 'bytes',
      // What the browser would keep by itself does not count here.
      'Cache-Control': 'no-store',
      ...(range && { 'Content-Range': `bytes ${start}-${end - 1}/${size}` }),
    });
    if (breaking?.(request) !== true) {
      createReadStream(file, { start, end: end - 1 }).pipe(to);
      return;
    }
    breaking = undefined;
    const bytes = (await readFile(file)).subarray(start, start + Math.ceil((end - start) / 2));
    to.write(bytes, () => to.destroy());
  };

  const server = createServer((from, to) => {
    const path = from.url ?? '/';
    if (path === '/') to.writeHead(200, { 'Content-Type': 'text/html' }).end(site.page);
    else if (path === '/engine-worker.js') {
      to.writeHead(200, { 'Content-Type': 'text/javascript' }).end(site.worker);
    } else if (path.startsWith('/pantry/')) {
      pantry(path.slice('/pantry/'.length), from, to).catch((error: unknown) => {
        to.destroy(error instanceof Error ? error : undefined);
      });
    } else to.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    get requests() {
      return requests;
    },
    forget: () => {
      requests = [];
      breaking = undefined;
    },
    breakOff: (matching) => {
      breaking = matching;
    },
    silence: (on) => {
      silent = on;
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
