import {
  type GuestAddress,
  meaningOf,
  type PreviewPlace,
  previewPath,
} from '../../../preview/address.ts';
import { gate } from '../../../preview/gate.ts';
import type { PageAsk, PageMessage } from '../../../preview/messages.ts';
import type { PageSetup } from '../../../preview/sandbox.ts';
import { receiveAnswer, type ReceivedAnswer } from '../../../preview/wire.ts';

/** What a page's scripts reach the machine by: messages to the workbench that shows the page. */
export interface Asking {
  readonly setup: PageSetup;
  /** What a link means here, written as the page has it. */
  meaning(link: string): ReturnType<typeof meaningOf>;
  /** Where the browser finds it: an absolute URL. */
  shown(address: GuestAddress): string;
  /** Rejects with PreviewFailure. */
  ask(ask: PageAsk, signal?: AbortSignal): Promise<ReceivedAnswer>;
  tell(message: Exclude<PageMessage, { readonly kind: 'ask' }>): void;
}

/** What is needed later, before the page's scripts can put something else there. */
const workbench = window.parent;
const Channel = MessageChannel;

/** As a browser has only so many connections to a server: the others wait, in the page that asks. */
const AT_ONCE = 60;
const WAITING = 100_000;

export function asking(setup: PageSetup): Asking {
  const place: PreviewPlace = setup.place;
  const turns = gate(AT_ONCE, WAITING);
  const send = (message: object, ports: MessagePort[] = []): void => {
    // To the workshop and nobody else, whoever frames this.
    workbench.postMessage({ semdistro: 'preview', ...message }, place.origin, ports);
  };
  return {
    setup,
    meaning(link) {
      // Relative to what the document says, a <base> of it included, and then in the machine's words.
      let absolute = link;
      try {
        absolute = new URL(link, document.baseURI).href;
      } catch {
        // Left to `meaningOf`, which knows what to do with no URL.
      }
      return meaningOf(absolute, setup.address, place);
    },
    shown: (address) => place.origin + previewPath(place, address),
    async ask(ask, signal) {
      const leave = await turns.enter(signal);
      const { port1, port2 } = new Channel();
      const answer = receiveAnswer(port1, signal);
      send({ kind: 'ask', ask }, [port2]);
      // A stream that goes on has its head, and lets the next one in.
      return answer.finally(leave);
    },
    tell(message) {
      send(message);
    },
  };
}

/** A body as a stream that is read as it comes. */
export function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(control) {
      try {
        const next = await pieces.next();
        if (next.done === true) control.close();
        else control.enqueue(next.value);
      } catch (error) {
        control.error(new TypeError('network error', { cause: error }));
      }
    },
    async cancel() {
      await pieces.return?.();
    },
  });
}
