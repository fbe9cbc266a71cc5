import { request as httpRequest } from 'node:http';
import { EngineTrouble, type HttpAnswer, type HttpRequest } from '../../verify/engine.ts';
import type { Connection } from './connect.ts';
import { both } from './words.ts';

const MAX_BODY = 1024 * 1024;

/**
 * Asks a port that is published on this computer's loopback. Undefined when nobody answers: a
 * proxy of the engine takes every connection, and breaks it when nobody listens in the container.
 */
export function publishedRequest(
  { endpoint }: Connection,
  port: string,
  { method = 'GET', path, headers = {}, body, timeout = 5000 }: HttpRequest,
): Promise<HttpAnswer | undefined> {
  if (isRemote(endpoint.url)) throw elsewhere(endpoint.url);
  return new Promise((resolve) => {
    const none = (): void => {
      resolve(undefined);
    };
    const sent = httpRequest(
      {
        ...{ host: '127.0.0.1', port, method, path, agent: false },
        // Some servers end a header with a newline alone, and every browser and curl takes it.
        insecureHTTPParser: true,
        headers: {
          ...headers,
          ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }),
        },
        signal: AbortSignal.timeout(timeout),
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const done = (): void => {
          const text = Buffer.concat(chunks).subarray(0, MAX_BODY).toString();
          resolve({ status: answer.statusCode ?? 0, headers: plain(answer.headers), body: text });
        };
        answer.on('data', (chunk: Buffer) => {
          if (size < MAX_BODY) chunks.push(chunk);
          size += chunk.length;
          if (size < MAX_BODY) return;
          done();
          answer.destroy();
        });
        answer.on('end', done);
        answer.on('error', none);
      },
    );
    sent.on('error', none);
    sent.end(body);
  });
}

function plain(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'string' ? value : value.join(', ')]],
    ),
  );
}

function isRemote(url: string): boolean {
  if (url.startsWith('ssh:')) return true;
  if (!url.startsWith('tcp:') && !url.startsWith('http')) return false;
  return !/^[a-z]+:\/\/(?:localhost|127\.|\[::1\])/.test(url);
}

function elsewhere(url: string): EngineTrouble {
  return new EngineTrouble(
    'engine-failed',
    both(
      `O Docker em \`${url}\` está em outro computador: a porta do contêiner só se abre lá.`,
      `Docker at \`${url}\` is on another computer: the container’s port is open only there.`,
    ),
    {
      advice: both(
        'Use um Docker local para este exercício, ou `--engine embedded`.',
        'Use a local Docker for this lab, or `--engine embedded`.',
      ),
    },
  );
}
