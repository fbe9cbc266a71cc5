const UNSENT = 0;
const OPENED = 1;
const HEADERS_RECEIVED = 2;
const LOADING = 3;
const DONE = 4;

const EVENTS = [
  ...['readystatechange', 'loadstart', 'progress', 'load', 'loadend', 'error', 'abort', 'timeout'],
] as const;

/** `XMLHttpRequest` by `fetch`: asynchronous, which is how everybody uses it. */
export function installXmlHttpRequest(fetch: typeof globalThis.fetch): void {
  class Request extends EventTarget {
    static readonly UNSENT = UNSENT;
    static readonly OPENED = OPENED;
    static readonly HEADERS_RECEIVED = HEADERS_RECEIVED;
    static readonly LOADING = LOADING;
    static readonly DONE = DONE;
    readonly UNSENT = UNSENT;
    readonly OPENED = OPENED;
    readonly HEADERS_RECEIVED = HEADERS_RECEIVED;
    readonly LOADING = LOADING;
    readonly DONE = DONE;

    readonly upload = new EventTarget();
    readyState = UNSENT;
    status = 0;
    statusText = '';
    responseURL = '';
    responseType: XMLHttpRequestResponseType = '';
    response: unknown = '';
    timeout = 0;
    withCredentials = false;
    #method = 'GET';
    #url = '';
    #headers = new Headers();
    #answer: Response | undefined;
    #control = new AbortController();

    constructor() {
      super();
      for (const type of EVENTS) {
        this.addEventListener(type, (event) => {
          const listener: unknown = Reflect.get(this, `on${type}`);
          if (typeof listener === 'function') listener.call(this, event);
        });
      }
    }

    get responseText(): string {
      if (this.responseType === '' || this.responseType === 'text') return String(this.response);
      throw new DOMException('responseType is not text', 'InvalidStateError');
    }

    get responseXML(): Document | null {
      if (this.readyState !== DONE || this.response === '') return null;
      if (this.response instanceof Document) return this.response;
      const type = this.getResponseHeader('content-type') ?? '';
      if (!/xml/.test(type)) return null;
      return new DOMParser().parseFromString(this.responseText, 'text/xml');
    }

    open(method: string, url: string | URL, async = true): void {
      if (!async) throw new DOMException('only asynchronous here', 'InvalidAccessError');
      this.#control.abort();
      this.#control = new AbortController();
      this.#method = method.toUpperCase();
      this.#url = String(url);
      this.#headers = new Headers();
      this.#answer = undefined;
      this.status = 0;
      this.response = '';
      this.#enter(OPENED);
    }

    setRequestHeader(name: string, value: string): void {
      this.#headers.append(name, value);
    }

    overrideMimeType(): void {
      // What a server says is what is read.
    }

    getResponseHeader(name: string): string | null {
      return this.#answer?.headers.get(name) ?? null;
    }

    getAllResponseHeaders(): string {
      return [...(this.#answer?.headers ?? [])]
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('');
    }

    abort(): void {
      this.#control.abort();
    }

    send(body: XMLHttpRequestBodyInit | Document | null = null): void {
      if (this.readyState !== OPENED) throw new DOMException('not open', 'InvalidStateError');
      const control = this.#control;
      const timer =
        this.timeout > 0
          ? setTimeout(() => {
              control.abort('timeout');
            }, this.timeout)
          : undefined;
      this.#tell('loadstart');
      const text = body instanceof Document ? new XMLSerializer().serializeToString(body) : body;
      this.#run(text, control.signal)
        .then(
          () => 'load',
          () => {
            if (!control.signal.aborted) return 'error';
            return control.signal.reason === 'timeout' ? 'timeout' : 'abort';
          },
        )
        .then((end) => {
          clearTimeout(timer);
          // Opened again meanwhile: this one is not spoken of any more.
          if (control !== this.#control) return;
          if (end !== 'load') {
            this.status = 0;
            this.response = '';
          }
          this.#enter(DONE);
          this.#tell(end);
          this.#tell('loadend');
        })
        .catch((error: unknown) => {
          reportError(error);
        });
    }

    async #run(body: XMLHttpRequestBodyInit | null, signal: AbortSignal): Promise<void> {
      const hasBody = body !== null && this.#method !== 'GET' && this.#method !== 'HEAD';
      const answer = await fetch(this.#url, {
        ...{ method: this.#method, headers: this.#headers, signal },
        ...(hasBody && { body }),
      });
      this.#answer = answer;
      this.status = answer.status;
      this.statusText = answer.statusText;
      this.responseURL = answer.url;
      this.#enter(HEADERS_RECEIVED);
      const total = Number(answer.headers.get('content-length') ?? 0);
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      const decoder = new TextDecoder();
      const isText = this.responseType === '' || this.responseType === 'text';
      let loaded = 0;
      for await (const piece of answer.body ?? []) {
        signal.throwIfAborted();
        pieces.push(piece);
        loaded += piece.length;
        if (isText) this.response = String(this.response) + decoder.decode(piece, { stream: true });
        this.#enter(LOADING);
        this.#tell('progress', { lengthComputable: total > 0, loaded, total });
      }
      if (!isText) this.response = await this.#made(new Blob(pieces));
    }

    async #made(blob: Blob): Promise<unknown> {
      const type = this.getResponseHeader('content-type') ?? '';
      switch (this.responseType) {
        case 'arraybuffer':
          return blob.arrayBuffer();
        case 'blob':
          return blob.slice(0, blob.size, type);
        case 'json':
          try {
            return JSON.parse(await blob.text());
          } catch {
            return null;
          }
        case 'document':
          return new DOMParser().parseFromString(
            await blob.text(),
            /xml/.test(type) ? 'text/xml' : 'text/html',
          );
        default:
          return blob.text();
      }
    }

    #enter(state: number): void {
      this.readyState = state;
      this.dispatchEvent(new Event('readystatechange'));
    }

    #tell(type: string, about: ProgressEventInit = {}): void {
      this.dispatchEvent(new ProgressEvent(type, about));
    }
  }
  Object.defineProperty(window, 'XMLHttpRequest', { value: Request, writable: true });
}
