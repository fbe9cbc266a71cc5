import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { contentSecurityPolicy } from '../../site-build/csp.ts';

const TYPES: Readonly<Record<string, string>> = {
  ...{ '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript' },
  ...{ '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png' },
  ...{ '.woff2': 'font/woff2', '.wasm': 'application/wasm', '.xml': 'application/xml' },
  ...{ '.webmanifest': 'application/manifest+json', '.txt': 'text/plain; charset=utf-8' },
};

export interface SiteServer {
  /** Without a slash at its end. */
  readonly origin: string;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly folder: string;
  /** As the site was built for: `/` or `/semdistro/`. */
  readonly base?: string;
  /** The first of those tried; 0 lets the system choose. */
  readonly port: number;
  /** How many ports after it are tried when others have them. */
  readonly tries?: number;
}

/**
 * Serves the built site as a static host with range requests does, to this computer alone. Rejects with
 * the system's error when no port is free.
 */
export async function serveSite(options: SiteOptions): Promise<SiteServer> {
  const { port, tries = 20 } = options;
  const server = createServer(answerFrom(options));
  await listen(server, port, tries);
  const at = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${at.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Answers a request with a file of a folder, whole or a range of it. */
export function answerFrom({
  folder,
  base = '/',
}: Pick<SiteOptions, 'folder' | 'base'>): (
  request: IncomingMessage,
  response: ServerResponse,
) => void {
  return (request, response) => {
    answer(request, response, { folder, base }).catch(() => response.destroy());
  };
}

async function listen(server: Server, port: number, tries: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tries <= 0 || port === 0) {
      throw error;
    }
    server.removeAllListeners('error');
    await listen(server, port + 1, tries - 1);
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, base }: { readonly folder: string; readonly base: string },
): Promise<void> {
  const path = pathOf(request.url ?? '/', base);
  const found = path === undefined ? undefined : await fileAt(folder, path);
  if (found === 'folder') {
    response.writeHead(301, { location: `${(request.url ?? '').split('?')[0] ?? ''}/` }).end();
    return;
  }
  const file = found ?? (await fileAt(folder, '/404.html'));
  if (file === undefined || file === 'folder') {
    response.writeHead(404).end();
    return;
  }
  const range = found === undefined ? undefined : rangeOf(request.headers.range, file.size);
  if (range === 'outside') {
    response.writeHead(416, { 'content-range': `bytes */${file.size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: file.size };
  response.writeHead(found === undefined ? 404 : range === undefined ? 200 : 206, {
    'content-type': TYPES[extname(file.path)] ?? 'application/octet-stream',
    'content-length': end - start,
    'accept-ranges': 'bytes',
    'content-security-policy': contentSecurityPolicy('header'),
    'x-content-type-options': 'nosniff',
    // Names with a hash never change; the rest is asked for again.
    'cache-control': /\/_astro\/|\/blobs\//.test(file.path)
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${file.size}` }),
  });
  if (request.method === 'HEAD' || start === end) {
    response.end();
    return;
  }
  await pipeline(createReadStream(file.path, { start, end: end - 1 }), response);
}

/** The path below the base, without a way out of the folder; undefined for what is not the site's. */
function pathOf(url: string, base: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    const start = base.replace(/\/$/, '');
    const inside = path.startsWith(start) ? path.slice(start.length) : undefined;
    return inside === undefined || inside.includes('\0') ? undefined : normalize(`/${inside}`);
  } catch {
    return undefined;
  }
}

interface Found {
  readonly path: string;
  readonly size: number;
}

async function fileAt(folder: string, path: string): Promise<Found | 'folder' | undefined> {
  const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory() === true) return 'folder';
  return found?.isFile() === true ? { path: file, size: found.size } : undefined;
}

/** One range; several at once are answered with the whole, as RFC 9110 allows. `end` is exclusive. */
function rangeOf(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | 'outside' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') return { start: Math.max(0, size - Number(to)), end: size };
  const start = Number(from);
  if (start >= size) return 'outside';
  const end = to === '' ? size : Math.min(size, Number(to) + 1);
  return end > start ? { start, end } : undefined;
}
