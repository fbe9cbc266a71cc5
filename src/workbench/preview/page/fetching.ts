import type { Asking } from './asking.ts';
import { streamOf } from './asking.ts';

/** `fetch`, and `navigator.sendBeacon`, which is one that nobody waits for. */
export function installFetch(asking: Asking): typeof fetch {
  const native = window.fetch.bind(window);

  const ours: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const meaning = asking.meaning(request.url);
    if (meaning.kind === 'other') return native(request);
    if (meaning.kind === 'outside') {
      console.warn(`${meaning.url}: this page is in a machine without internet`);
      throw new TypeError('Failed to fetch');
    }
    const { signal, method, redirect } = request;
    const address = { ...meaning.address, hash: '' };
    const body = new Uint8Array(await request.arrayBuffer());
    signal.throwIfAborted();
    try {
      const answer = await asking.ask(
        {
          ...{ address, method, redirect, headers: [...request.headers] },
          ...(body.length > 0 && { body }),
        },
        signal,
      );
      return responseOf(asking, answer);
    } catch (error) {
      signal.throwIfAborted();
      throw new TypeError('Failed to fetch', { cause: error });
    }
  };

  window.fetch = ours;
  navigator.sendBeacon = (url, data) => {
    ours(url, { method: 'POST', ...(data !== undefined && { body: data }) }).catch(() => undefined);
    return true;
  };
  return ours;
}

function responseOf(asking: Asking, answer: Awaited<ReturnType<Asking['ask']>>): Response {
  const { status, reason, headers, body, url, redirected } = answer;
  const isEmpty = [101, 204, 205, 304].includes(status);
  const response = new Response(isEmpty ? null : streamOf(body), {
    status,
    statusText: reason,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
  const meaning = asking.meaning(url);
  const shown = meaning.kind === 'guest' ? asking.shown(meaning.address) : url;
  return Object.defineProperties(response, {
    url: { value: shown },
    redirected: { value: redirected },
    type: { value: 'basic' },
  });
}
