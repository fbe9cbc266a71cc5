import { collect } from '../engine/bytes.ts';
import type { Fetch, FetchResponse } from '../engine/store/http-request.ts';

/** The part of the Cache API that is used; `await caches.open(name)` is one. */
export interface KeptResponses {
  match(key: string): Promise<Response | undefined>;
  put(key: string, response: Response): Promise<void>;
  keys(): Promise<readonly { readonly url: string }[]>;
  delete(key: string): Promise<boolean>;
}

/** Headers of an answer that readers of ranges go by. */
const HEADERS = ['content-range', 'content-length'] as const;
const STATUS = 'x-semdistro-status';

/**
 * A `fetch` that keeps what never changes: blobs, whose names are their digests, and snapshots,
 * whose names are hashes of what they are made of. Each range under its own key: a start of the
 * machine reads the same ones again. Browsers' own caches do not keep parts of large files for long.
 * Of documents that change (`.json`) the last one is kept for when there is no answer: a machine starts offline, too.
 * What it cannot keep (no space, a page without the Cache API) is fetched again the next time.
 */
export function keptFetch(
  fetch: (
    url: string,
    init: { headers: Record<string, string>; signal: AbortSignal },
  ) => Promise<Response>,
  kept: KeptResponses | undefined,
): Fetch {
  /** A document that changes is asked for; without an answer, what the last one was. */
  async function latest(
    url: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<FetchResponse> {
    const key = `${url}?latest`;
    try {
      const response = await fetch(url, { headers, signal });
      if (!url.endsWith('.json') || response.status !== 200) return response;
      return await keep(key, response);
    } catch (error) {
      const found = signal.aborted ? undefined : await kept?.match(key);
      if (found) return restored(found);
      throw error;
    }
  }

  async function keep(key: string, response: Response): Promise<FetchResponse> {
    const bytes = response.body ? await collect(response.body) : new Uint8Array(0);
    const copy = new Headers({ [STATUS]: String(response.status) });
    for (const name of HEADERS) {
      const value = response.headers.get(name);
      if (value !== null) copy.set(name, value);
    }
    const again = new Response(new Uint8Array(bytes), { headers: copy });
    await kept?.put(key, again.clone()).catch(() => undefined);
    return restored(again);
  }

  return async (url, init): Promise<FetchResponse> => {
    const headers = { ...init.headers };
    if (!kept) return fetch(url, { headers, signal: init.signal });
    if (!isUnchanging(url)) return latest(url, headers, init.signal);
    const key = `${url}?${headers['Range'] ?? 'all'}`;
    const found = await kept.match(key);
    if (found) return restored(found);
    const response = await fetch(url, { headers, signal: init.signal });
    if (response.status !== 200 && response.status !== 206) return response;
    return keep(key, response);
  };
}

/** Whatever is kept of an address goes, each range of it: what came damaged would stay so. */
export async function forgetKept(kept: KeptResponses, url: string): Promise<void> {
  for (const { url: key } of await kept.keys()) {
    // A browser's keys are whole addresses, whatever was asked for.
    if (key.includes(`${url}?`)) await kept.delete(key);
  }
}

/** The Cache API keeps no 206: its status is in a header. */
function restored(response: Response): FetchResponse {
  const status = Number(response.headers.get(STATUS));
  return { status, headers: response.headers, body: response.body };
}

function isUnchanging(url: string): boolean {
  return /\/blobs\/sha256\/[0-9a-f]{64}$|\/[0-9a-f]{32,}\.state\.zst$/.test(url);
}
