import { PreviewFailure } from '../problem.ts';
import { type Header, tokensOf, without } from './headers.ts';
import type { HttpResponse } from './response.ts';

const FORMATS: Readonly<Record<string, 'gzip' | 'deflate'>> = {
  ...{ gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate' },
};

const ABOUT_PACKED: ReadonlySet<string> = new Set(['content-encoding', 'content-length']);

/**
 * The answer with its body as it was before a server compressed it unasked. Throws PreviewFailure
 * `encoding` for what this cannot unpack.
 */
export function unpacked<Response extends HttpResponse>(response: Response): Response {
  const codings = tokensOf(response.headers, 'content-encoding').filter(
    (coding) => coding !== 'identity',
  );
  const [coding] = codings;
  if (coding === undefined) return response;
  const format = codings.length === 1 ? FORMATS[coding] : undefined;
  if (format === undefined) {
    throw new PreviewFailure('encoding', `content-encoding ${codings.join(', ')}`);
  }
  const headers: readonly Header[] = without(response.headers, ABOUT_PACKED);
  return { ...response, headers, body: unpack(response.body, format) };
}

async function* unpack(
  body: AsyncIterable<Uint8Array>,
  format: 'gzip' | 'deflate',
): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  const first = await pieces.next();
  // The answer to a HEAD, or nothing at all.
  if (first.done === true) return;
  const { writable, readable } = new DecompressionStream(format);
  const writer = writable.getWriter();
  const feed = async (): Promise<void> => {
    let next: IteratorResult<Uint8Array> = first;
    while (next.done !== true) {
      await writer.write(next.value.slice());
      next = await pieces.next();
    }
    await writer.close();
  };
  feed().catch((error: unknown) => writer.abort(error).catch(() => undefined));
  const reader = readable.getReader();
  try {
    for (;;) {
      const next = await reader.read();
      if (next.done) return;
      yield next.value as Uint8Array;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
    await pieces.return?.();
  }
}
