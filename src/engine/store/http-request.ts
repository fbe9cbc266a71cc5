import { type ByteStream, collect } from '../bytes.ts';
import { EngineError } from '../errors.ts';

/** The part of the web's `fetch` that is used; `globalThis.fetch` is one. A time limit is for the caller to add to it. */
export type Fetch = (
  url: string,
  init: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
) => Promise<FetchResponse>;

export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: { getReader(): FetchReader } | null;
}

export interface FetchReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
}

/** An answer that has begun. */
export interface Answer {
  /** Size of the whole, where the server tells it. */
  readonly total: number | undefined;
  /** Where in the whole the body begins: 0 also from a server that does not know ranges. */
  readonly start: number;
  /** True when only the part that was asked for comes. */
  readonly partial: boolean;
  readonly body: ByteStream;
  /** Ends the transfer; for an answer whose body is not read to its end. */
  cancel(): void;
}

/**
 * GET of a URL, or of bytes `start` up to `end` (exclusive) of it. Undefined when there is no such
 * thing. Rejects with `source-unreachable` when the server cannot be reached, breaks off or fails: worth trying again;
 * with `source-refused` when it answers something else.
 */
export async function get(
  fetch: Fetch,
  url: string,
  range?: { readonly start: number; readonly end: number },
): Promise<Answer | undefined> {
  const abort = new AbortController();
  const headers: Record<string, string> = {};
  if (range) headers['Range'] = `bytes=${range.start}-${range.end - 1}`;
  let response: FetchResponse;
  try {
    response = await fetch(url, { headers, signal: abort.signal });
  } catch (error) {
    throw unreachable(url, 'no answer', error);
  }
  const cancel = (): void => {
    abort.abort();
  };
  const { status } = response;
  if (status === 200) {
    const total = naturalNumber(lengthOf(response));
    return { total, start: 0, partial: false, body: bodyOf(url, response, cancel), cancel };
  }
  if (status === 206 && range) {
    const { start, total } = contentRange(response.headers.get('content-range'), range.start);
    return { total, start, partial: true, body: bodyOf(url, response, cancel), cancel };
  }
  cancel();
  if (status === 404 || status === 410) return undefined;
  // An empty file has no range at all.
  if (status === 416 && range?.start === 0) return get(fetch, url);
  if (status >= 500 || status === 429 || status === 408) throw unreachable(url, `status ${status}`);
  throw new EngineError('source-refused', `${url}: the server answered with status ${status}`, {
    hint: 'Check the address, and that the server lets the files be read.',
  });
}

/** All of a body; `blob-corrupt` is for the caller to find, this only keeps it from growing past `limit`. */
export async function bodyUpTo(answer: Answer, limit: number): Promise<Uint8Array> {
  try {
    return await collect(answer.body, limit);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EngineError('source-refused', `the server sends more than ${limit} bytes`, {
      cause: error,
    });
  } finally {
    answer.cancel();
  }
}

async function* bodyOf(url: string, response: FetchResponse, cancel: () => void): ByteStream {
  const reader = response.body?.getReader();
  if (!reader) return;
  let ended = false;
  try {
    for (;;) {
      let next;
      try {
        next = await reader.read();
      } catch (error) {
        throw unreachable(url, 'the transfer broke off', error);
      }
      if (next.done) break;
      if (next.value && next.value.length > 0) yield next.value;
    }
    ended = true;
  } finally {
    if (!ended) cancel();
  }
}

function lengthOf(response: FetchResponse): string | null {
  // The length of something compressed on its way says nothing about the thing.
  const encoding = response.headers.get('content-encoding');
  return encoding === null || encoding === 'identity'
    ? response.headers.get('content-length')
    : null;
}

/** `bytes 0-99/1234`; a browser hides the header from another origin unless the server exposes it. */
function contentRange(
  header: string | null,
  asked: number,
): { readonly start: number; readonly total: number | undefined } {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header ?? '');
  return { start: naturalNumber(match?.[1]) ?? asked, total: naturalNumber(match?.[2]) };
}

function naturalNumber(text: string | null | undefined): number | undefined {
  const value = /^\d+$/.test(text ?? '') ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

function unreachable(url: string, why: string, cause?: unknown): EngineError {
  return new EngineError('source-unreachable', `${url}: ${why}`, {
    hint: 'Check that the server runs and can be reached, then run the command again.',
    ...(cause !== undefined && { cause }),
  });
}
