import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Digest, parseDigest } from '../engine/oci/digest.ts';

/** Answers for a file that is there. */
export type Handler = (
  file: Uint8Array,
  request: IncomingMessage,
  response: ServerResponse,
) => void;

/** An image layout on a server. */
export interface LayoutServer {
  readonly baseUrl: string;
  /** The `Range` of every request or `all`, in order. */
  readonly requests: string[];
  /** By their path from the root; the layout is at `/l/`. */
  readonly files: Map<string, Uint8Array>;
  handler: Handler;
  readonly server: Server;
}

const servers: Server[] = [];

/** Every one that was started; after each test. */
export function closeLayoutServers(): void {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
}

/** Serves blobs by their digests. */
export async function serveLayout(
  blobs: readonly Uint8Array[],
  handler: Handler = ranged,
): Promise<LayoutServer> {
  const files = new Map(blobs.map((bytes) => [`/l/blobs/sha256/${sha256(bytes)}`, bytes]));
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers.range ?? 'all');
    const file = files.get(request.url ?? '');
    if (file) site.handler(file, request, response);
    else response.writeHead(404).end('not here');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  const baseUrl = `http://127.0.0.1:${address.port}/l`;
  const site: LayoutServer = { baseUrl, requests, files, handler, server };
  return site;
}

/** As a server does that knows ranges. */
export const ranged: Handler = (file, request, response) => {
  const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (!match) {
    whole(file, request, response);
    return;
  }
  const start = Number(match[1]);
  const end = Math.min(Number(match[2]) + 1, file.length);
  if (start >= file.length) {
    response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
    return;
  }
  response
    .writeHead(206, {
      'content-range': `bytes ${start}-${end - 1}/${file.length}`,
      'content-length': end - start,
    })
    .end(file.subarray(start, end));
};
/** Without ranges. */
export const whole: Handler = (file, _, response) => {
  response.writeHead(200, { 'content-length': file.length }).end(file);
};
/** Without ranges, and it tells no size. */
export const chunked: Handler = (file, _, response) => {
  response.writeHead(200).write(file.subarray(0, 10));
  response.end(file.subarray(10));
};

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function digestOf(bytes: Uint8Array): Digest {
  return parseDigest(`sha256:${sha256(bytes)}`);
}
