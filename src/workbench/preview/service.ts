import type { Header } from '../../preview/http/headers.ts';
import { WorkbenchFailure } from '../failure.ts';
import type { PreviewUrls } from './urls.ts';

/** What the service worker asks of every tab, with a port for the answer. */
export interface ServiceAsk {
  readonly semdistro: 'preview';
  readonly url: string;
  readonly method: string;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array;
}

/**
 * Registers the service worker and hears what it asks; `answer` is true for what this tab answers
 * through the port. Returns what ends the hearing. Rejects with WorkbenchFailure `preview-impossible`
 * where a browser has no service workers: in some private windows, or without HTTPS.
 */
export async function openService(
  { place, worker }: PreviewUrls,
  answer: (ask: ServiceAsk, port: MessagePort) => boolean,
): Promise<() => void> {
  const container = Reflect.get(navigator, 'serviceWorker') as ServiceWorkerContainer | undefined;
  if (!container) throw new WorkbenchFailure('preview-impossible', 'no service workers here');
  const hear = ({ data, ports }: MessageEvent<unknown>): void => {
    const [port] = ports;
    if (!port || !isAsk(data)) return;
    if (!answer(data, port)) port.close();
  };
  container.addEventListener('message', hear);
  container.startMessages();
  const stop = (): void => {
    container.removeEventListener('message', hear);
  };
  try {
    const registration = await container.register(worker, { scope: place.folder });
    await activated(registration);
  } catch (error) {
    stop();
    throw new WorkbenchFailure('preview-impossible', error instanceof Error ? error.message : '');
  }
  return stop;
}

/** A worker is of no use before; `navigator.serviceWorker.ready` is about this page, not its scope. */
async function activated({
  active,
  waiting,
  installing,
}: ServiceWorkerRegistration): Promise<void> {
  const worker = active ?? waiting ?? installing;
  if (!worker || worker.state === 'activated') return;
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('the service worker was not installed'));
    });
  });
}

/** Nobody else has a service worker of this scope, so what it sends is what it says. */
function isAsk(data: unknown): data is ServiceAsk {
  return typeof data === 'object' && data !== null && Reflect.get(data, 'semdistro') === 'preview';
}
