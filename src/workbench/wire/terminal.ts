import type { TerminalOptions, TerminalSession } from '../port.ts';

/** What goes through a terminal's own MessagePort. */
type FromPage =
  | { readonly kind: 'typed'; readonly data: string }
  | { readonly kind: 'size'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'close' }
  /** So many bytes were shown. */
  | { readonly kind: 'taken'; readonly bytes: number };

type FromWorker =
  | { readonly kind: 'output'; readonly bytes: Uint8Array }
  | { readonly kind: 'exit'; readonly code: number };

/** Bytes that may be under way to the page: what it has not shown stops the program that prints. */
const WINDOW = 256 * 1024;

/** The page's side. The port is closed when the shell ends. */
export function terminalSession(port: MessagePort, options: TerminalOptions): TerminalSession {
  const send = (message: FromPage): void => {
    port.postMessage(message);
  };
  port.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'output') {
      options.onOutput(data.bytes);
      send({ kind: 'taken', bytes: data.bytes.length });
    } else {
      port.close();
      options.onExit(data.code);
    }
  });
  port.start();
  return {
    write: (data) => {
      send({ kind: 'typed', data });
    },
    resize: (columns, rows) => {
      send({ kind: 'size', columns, rows });
    },
    close: () => {
      send({ kind: 'close' });
    },
  };
}

/** The worker's side: what a program of the guest needs of a terminal. */
export interface TerminalLink {
  readonly typed: AsyncIterable<Uint8Array>;
  /** Resolves when more may be sent. */
  show(bytes: Uint8Array): Promise<void> | undefined;
  onSize(listener: (columns: number, rows: number) => void): void;
  onClose(listener: () => void): void;
  ended(code: number): void;
}

export function terminalLink(port: MessagePort): TerminalLink {
  const encoder = new TextEncoder();
  const typed: Uint8Array[] = [];
  let wake: () => void = () => undefined;
  const ends = new AbortController();
  let onSize: (columns: number, rows: number) => void = () => undefined;
  let onClose: () => void = () => undefined;
  let underWay = 0;
  let room: { readonly free: Promise<void>; readonly resolve: () => void } | undefined;

  port.addEventListener('message', ({ data }: MessageEvent<FromPage>) => {
    switch (data.kind) {
      case 'size':
        onSize(data.columns, data.rows);
        break;
      case 'close':
        onClose();
        break;
      case 'typed':
        typed.push(encoder.encode(data.data));
        wake();
        break;
      case 'taken':
        underWay -= data.bytes;
        if (underWay >= WINDOW) break;
        room?.resolve();
        room = undefined;
    }
  });
  port.start();

  return {
    typed: (async function* () {
      while (!ends.signal.aborted) {
        const next = typed.shift();
        if (next) yield next;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    })(),
    show(bytes) {
      if (ends.signal.aborted) return undefined;
      // A copy that is the page's: what it is a part of is used again.
      const own = bytes.slice();
      underWay += own.length;
      port.postMessage({ kind: 'output', bytes: own } satisfies FromWorker, [own.buffer]);
      if (underWay < WINDOW) return undefined;
      if (!room) {
        let resolve = (): void => undefined;
        const free = new Promise<void>((done) => (resolve = done));
        room = { free, resolve };
      }
      return room.free;
    },
    onSize(listener) {
      onSize = listener;
    },
    onClose(listener) {
      onClose = listener;
    },
    ended(code) {
      ends.abort();
      wake();
      room?.resolve();
      port.postMessage({ kind: 'exit', code } satisfies FromWorker);
    },
  };
}
