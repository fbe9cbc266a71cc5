import type { Duplex } from '../../engine/process/host.ts';
import { failureOf, PreviewFailure } from '../problem.ts';
import { type HttpRequest, requestHead, requestPieces } from './request.ts';
import { byteReader } from './reader.ts';
import { type HttpResponse, readResponse } from './response.ts';

export interface ExchangeOptions {
  readonly cookies?: string;
  /** Milliseconds until there must be a head; a body may take as long as it likes. */
  readonly patience: number;
  /** Ends the connection, also while the body comes. */
  readonly signal?: AbortSignal | undefined;
}

export interface Exchange extends HttpResponse {
  /** Ends the connection; needed where the body is not read. */
  readonly close: () => void;
}

/**
 * One request and its answer over a connection of their own, which ends with the answer's body.
 * Rejects with PreviewFailure.
 */
export async function exchange(
  connection: Duplex,
  request: HttpRequest,
  { cookies, patience, signal }: ExchangeOptions,
): Promise<Exchange> {
  let late = false;
  let came = false;
  const close = (): void => {
    connection.close();
  };
  const timer = setTimeout(() => {
    late = true;
    close();
  }, patience);
  if (signal?.aborted === true) close();
  else signal?.addEventListener('abort', close, { once: true });
  const over = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', close);
    close();
  };
  const tell = (error: unknown): PreviewFailure => {
    if (late) return new PreviewFailure('too-slow', `no answer within ${patience / 1000} s`, error);
    const failure = failureOf(error);
    // Reset rather than closed: whoever passes connections on found nobody behind the port.
    return came || signal?.aborted === true || failure.problem !== 'cut-off'
      ? failure
      : new PreviewFailure('empty', failure.message, error);
  };
  try {
    const head = requestHead(request, cookies);
    // Not awaited: a server may answer before it has read everything, and then stop reading.
    send(connection, requestPieces(head, request.body)).catch(() => undefined);
    const { method } = request;
    const answer = await readResponse(
      byteReader(noticed(connection.readable, () => (came = true))),
      { method },
    );
    clearTimeout(timer);
    return { ...answer, body: closing(answer.body, over), close: over };
  } catch (error) {
    over();
    throw tell(error);
  }
}

async function send(connection: Duplex, pieces: Iterable<Uint8Array>): Promise<void> {
  for (const piece of pieces) await connection.write(piece);
}

async function* noticed(
  bytes: AsyncIterable<Uint8Array>,
  tell: () => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    tell();
    yield piece;
  }
}

async function* closing(
  body: AsyncIterable<Uint8Array>,
  over: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw failureOf(error);
  } finally {
    over();
  }
}
