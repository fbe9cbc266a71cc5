import type { Readable } from 'node:stream';
import type { DialOptions } from 'docker-modem';
import type { Connection } from './connect.ts';

interface PostOptions {
  readonly query: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** What is sent: an archive, or a document. */
  readonly body?: Readable;
  readonly json?: Readonly<Record<string, unknown>>;
}

/**
 * A request whose answer comes bit by bit. Destroyed, as by leaving a loop over it, or by the
 * signal, it ends what the engine is doing for it. Rejects as the client library does.
 */
export function postStream(
  { docker }: Connection,
  path: string,
  { query, signal, body, json }: PostOptions,
): Promise<NodeJS.ReadableStream> {
  const options: DialOptions = {
    // The library adds nothing to a path that has its query already.
    path: json ? path : `${path}?${new URLSearchParams(query).toString()}&`,
    method: 'POST',
    isStream: true,
    abortSignal: signal,
    statusCodes: { 200: true, 500: 'server error' },
    ...(body && { file: body }),
    ...(json && { options: { _query: query, _body: json } }),
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(options, (error: unknown, answer: unknown) => {
      if (isStream(answer)) resolve(answer);
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

function isStream(value: unknown): value is NodeJS.ReadableStream {
  return typeof value === 'object' && value !== null && 'pipe' in value;
}
