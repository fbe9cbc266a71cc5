import { eventLines } from './event-lines.ts';

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;

/** Milliseconds until a stream that ended is asked for again, unless the server says otherwise. */
const RETRY = 3000;

/** `EventSource` by `fetch`: events come as the server sends them. */
export function installEventSource(fetch: typeof globalThis.fetch): void {
  class Source extends EventTarget {
    static readonly CONNECTING = CONNECTING;
    static readonly OPEN = OPEN;
    static readonly CLOSED = CLOSED;
    readonly CONNECTING = CONNECTING;
    readonly OPEN = OPEN;
    readonly CLOSED = CLOSED;

    readonly url: string;
    readonly withCredentials: boolean;
    readyState = CONNECTING;
    #control = new AbortController();
    #lastId = '';
    #retry = RETRY;

    constructor(url: string | URL, { withCredentials = false }: EventSourceInit = {}) {
      super();
      this.url = new URL(url, document.baseURI).href;
      this.withCredentials = withCredentials;
      for (const type of ['open', 'message', 'error']) {
        this.addEventListener(type, (event) => {
          const listener: unknown = Reflect.get(this, `on${type}`);
          if (typeof listener === 'function') listener.call(this, event);
        });
      }
      void this.#run();
    }

    close(): void {
      this.readyState = CLOSED;
      this.#control.abort();
    }

    async #run(): Promise<void> {
      while (this.readyState !== CLOSED) {
        try {
          if (!(await this.#listen())) {
            this.readyState = CLOSED;
            this.dispatchEvent(new Event('error'));
            return;
          }
        } catch {
          // Lost: asked for again.
        }
        if (this.#control.signal.aborted) return;
        this.readyState = CONNECTING;
        this.dispatchEvent(new Event('error'));
        await new Promise((resolve) => setTimeout(resolve, this.#retry));
      }
    }

    /** Until the stream ends. False when what answers is no stream of events. */
    async #listen(): Promise<boolean> {
      const headers = new Headers({ Accept: 'text/event-stream', 'Cache-Control': 'no-cache' });
      if (this.#lastId !== '') headers.set('Last-Event-ID', this.#lastId);
      const answer = await fetch(this.url, { headers, signal: this.#control.signal });
      const type = answer.headers.get('content-type') ?? '';
      if (answer.status !== 200 || !type.startsWith('text/event-stream')) {
        await answer.body?.cancel();
        return false;
      }
      this.readyState = OPEN;
      this.dispatchEvent(new Event('open'));
      for await (const { type, data, id, retry } of eventLines(answer.body ?? [])) {
        if (this.#control.signal.aborted) break;
        if (retry !== undefined) this.#retry = retry;
        if (id !== undefined) this.#lastId = id;
        if (data === undefined) continue;
        const { origin } = new URL(this.url);
        this.dispatchEvent(new MessageEvent(type, { data, lastEventId: this.#lastId, origin }));
      }
      return true;
    }
  }
  Object.defineProperty(window, 'EventSource', { value: Source, writable: true });
}
