import { receiveAnswer } from '../../preview/wire.ts';
import { noBenchPage } from './no-bench-page.ts';
import type { ServiceAsk } from './service.ts';

// The service worker of previews. Its scope is their folder and nothing else: pages of the site never
// meet it. It answers with what the tab says that has the workbench, and knows nothing itself, since a
// browser ends and starts it as it likes.

/** The part of its scope that is used; the compiler knows this file as a page's. */
interface Scope {
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: {
      readonly type: 'window';
      readonly includeUncontrolled: true;
    }): Promise<readonly Client[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchLike) => void): void;
}
interface Client {
  postMessage(message: unknown, transfer: Transferable[]): void;
}
interface Extendable {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchLike {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

/** How long the tab with the workbench may take to say that it is the one, in milliseconds. */
const PATIENCE = 3000;

const scope = globalThis as unknown as Scope;

scope.addEventListener('install', (event) => {
  event.waitUntil(scope.skipWaiting());
});
scope.addEventListener('activate', (event) => {
  event.waitUntil(scope.clients.claim());
});
scope.addEventListener('fetch', (event) => {
  event.respondWith(answer(event.request));
});

async function answer(request: Request): Promise<Response> {
  // In a tab of its own there would be nobody to ask for what its scripts want.
  if (request.mode !== 'navigate' || request.destination === 'document') return noBench();
  const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
  const ask: ServiceAsk = {
    ...{ semdistro: 'preview', url: request.url, method: request.method },
    headers: [...request.headers],
    // Firefox has no `body`, and an empty one is none.
    ...(body && body.length > 0 && { body }),
  };
  const port = await asked(ask);
  if (!port) return noBench();
  const { status, reason, headers, body: pieces } = await receiveAnswer(port);
  const isEmpty = [204, 205, 304].includes(status);
  return new Response(isEmpty ? null : streamOf(pieces), {
    status,
    statusText: /^[\t\x20-\x7e]*$/.test(reason) ? reason : '',
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
}

/** Asks every tab of the site; the one that has the workbench says so, and answers through the port. */
async function asked(ask: ServiceAsk): Promise<MessagePort | undefined> {
  const tabs = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      resolve(undefined);
    }, PATIENCE);
    for (const tab of tabs) {
      const { port1, port2 } = new MessageChannel();
      const hear = ({ data }: MessageEvent<unknown>): void => {
        if (data !== 'mine') return;
        port1.removeEventListener('message', hear);
        clearTimeout(late);
        resolve(port1);
      };
      port1.addEventListener('message', hear);
      port1.start();
      tab.postMessage(ask, [port2]);
    }
  });
}

function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(control) {
      const next = await iterator.next();
      if (next.done === true) control.close();
      else control.enqueue(next.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

function noBench(): Response {
  return new Response(noBenchPage(navigator.language), {
    status: 503,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
      'Cache-Control': 'no-store',
    },
  });
}
