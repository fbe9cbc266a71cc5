import { EngineError } from '../../engine/errors.ts';
import type { Duplex } from '../../engine/process/host.ts';
import { openPreview } from '../../preview/session.ts';
import { sendAnswer } from '../../preview/wire.ts';
import type { Change, PreviewDesk, PreviewPort } from '../port.ts';
import { previewUrls } from '../preview/urls.ts';

// A preview without a machine, for tests in a browser: its servers are the computer's own, reached by
// functions that the test puts into the page. Everything in between is the real thing.

/** What the test gives: bytes as Base64, `null` at the end. */
interface Tcp {
  readonly tcpOpen: (port: number) => Promise<number | null>;
  readonly tcpWrite: (id: number, bytes: string) => Promise<void>;
  readonly tcpRead: (id: number) => Promise<string | null>;
  readonly tcpClose: (id: number) => Promise<void>;
}

export interface FakePreview extends PreviewDesk {
  /** From now on these are published. */
  readonly publish: (ports: readonly PreviewPort[]) => void;
}

export function fakePreview(folder: string, change: (change: Change) => void): FakePreview {
  const { place, pageScript } = previewUrls(folder);
  let published: readonly PreviewPort[] = [];
  const session = openPreview({
    ...{ place, pageScript, userAgent: 'Test/1', now: () => Date.now(), dial },
    onLog() {
      change({ kind: 'requests' });
    },
  });
  return {
    publish(ports) {
      published = ports;
      change({ kind: 'ports' });
    },
    ports: () => Promise.resolve(published),
    ask: (request, port, signal) =>
      sendAnswer(port, (gone) =>
        session.answer(request, signal ? AbortSignal.any([gone, signal]) : gone),
      ),
    async setCookie(page, cookie) {
      session.setCookie(page, cookie);
    },
    log: () => Promise.resolve(session.log.entries()),
    async clearLog() {
      session.log.clear();
    },
  };
}

async function dial(port: number): Promise<Duplex> {
  const tcp = globalThis as unknown as Tcp;
  const id = await tcp.tcpOpen(port);
  if (id === null) throw new EngineError('connection-refused', 'connection refused');
  return {
    readable: (async function* () {
      for (let text = await tcp.tcpRead(id); text !== null; text = await tcp.tcpRead(id)) {
        yield Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
      }
    })(),
    async write(bytes) {
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      await tcp.tcpWrite(id, btoa(text));
    },
    end: () => undefined,
    close: () => void tcp.tcpClose(id),
  };
}
