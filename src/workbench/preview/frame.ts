import {
  addressOfPreview,
  type GuestAddress,
  type PreviewPlace,
  previewPath,
} from '../../preview/address.ts';
import { pageMessage } from '../../preview/messages.ts';
import type { PreviewRequest } from '../../preview/session.ts';

/** A page of a learner's server, as it is shown. */
export type FrameState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'loading'; readonly address: GuestAddress }
  | {
      readonly kind: 'open';
      readonly address: GuestAddress;
      readonly title: string;
      /** It has not answered for some seconds: a script of it goes on without end. */
      readonly silent: boolean;
    }
  /** It was taken away: by `stop`, or since it sent messages without end. */
  | { readonly kind: 'stopped'; readonly address: GuestAddress; readonly flooded: boolean }
  /** It went where there is no preview: to a host outside. */
  | { readonly kind: 'away'; readonly address: GuestAddress };

export interface PreviewFrame {
  readonly state: FrameState;
  open(address: GuestAddress): void;
  reload(): void;
  /** Takes the page away, with all that it does and asks for, whatever that is. */
  stop(): void;
  /** The browser asks for this document, which is to be shown here. */
  asked(address: GuestAddress): void;
  dispose(): void;
}

export interface FrameOptions {
  readonly place: PreviewPlace;
  readonly lang: PreviewRequest['lang'];
  /** Of the frame, for screen readers. */
  readonly title: string;
  onState(state: FrameState): void;
  /** A script of the page asks; the answer goes through the port, until the signal. */
  ask(request: PreviewRequest, port: MessagePort, signal: AbortSignal): void;
  setCookie(page: GuestAddress, cookie: string): void;
  /** A link leads to a host outside. */
  onOutside(url: string): void;
}

/** How often a page is asked whether it is alive, and how many times may be without an answer. */
const PULSE = 2000;
const PATIENCE = 2;
/** Messages of a page in a second: no page that means well sends as many. */
const FLOOD = 3000;
/** Pages of the site that one page of a server may lead to, one after the other. */
const MOST_ESCAPES = 5;

/** Shows pages in `element`, one at a time. */
export function previewFrame(element: HTMLElement, options: FrameOptions): PreviewFrame {
  const { place, lang } = options;
  let state: FrameState = { kind: 'empty' };
  let iframe: HTMLIFrameElement | undefined;
  /** Of what scripts of the document ask for. */
  let asking = new AbortController();
  let wasAsked = false;
  let escapes = 0;
  let unanswered = 0;
  let second = { began: 0, messages: 0 };
  let pulse: ReturnType<typeof setInterval> | undefined;

  function enter(next: FrameState): void {
    state = next;
    options.onState(next);
  }

  function quiet(): void {
    asking.abort();
    asking = new AbortController();
    clearInterval(pulse);
    unanswered = 0;
  }

  function made(): HTMLIFrameElement {
    const frame = document.createElement('iframe');
    frame.title = options.title;
    frame.referrerPolicy = 'no-referrer';
    frame.addEventListener('load', () => {
      loaded(frame);
    });
    return frame;
  }

  function open(address: GuestAddress): void {
    quiet();
    wasAsked = false;
    enter({ kind: 'loading', address });
    const url = place.origin + previewPath(place, address);
    // A new one each time: whatever the page before does, it does not come along.
    const frame = made();
    frame.src = url;
    if (iframe) iframe.replaceWith(frame);
    else element.append(frame);
    iframe = frame;
  }

  function loaded(frame: HTMLIFrameElement): void {
    if (frame !== iframe || state.kind === 'empty') return;
    const { address } = state;
    const here = whereItCanBeSeen(frame);
    if (here === 'blank') return;
    if (here) {
      // A script went to a path of the server as if it were at the root, and met a page of the site.
      const { pathname, search, hash } = here;
      const shown = addressOfPreview(place, here);
      escapes += 1;
      if (shown || escapes > MOST_ESCAPES) enter({ kind: 'away', address });
      else open({ port: address.port, target: pathname + search, hash });
      return;
    }
    escapes = 0;
    if (!wasAsked) enter({ kind: 'away', address });
    else if (state.kind === 'loading') enter({ kind: 'open', address, title: '', silent: false });
    wasAsked = false;
  }

  function hear({ source, data, ports }: MessageEvent<unknown>): void {
    if (!iframe || source !== iframe.contentWindow || state.kind === 'empty') return;
    if (isFlood()) {
      stop(true);
      return;
    }
    const message = pageMessage(data);
    if (!message) return;
    const { address } = state;
    switch (message.kind) {
      case 'here':
        quiet();
        enter({ kind: 'open', address: message.address, title: '', silent: false });
        pulse = setInterval(feel, PULSE);
        break;
      case 'title':
        if (state.kind === 'open') enter({ ...state, title: message.title });
        break;
      case 'hash':
        if (state.kind === 'open') enter({ ...state, address: { ...address, hash: message.hash } });
        break;
      case 'cookie':
        options.setCookie(address, message.cookie);
        break;
      case 'outside':
        options.onOutside(message.url);
        break;
      case 'alive':
        unanswered = 0;
        if (state.kind === 'open' && state.silent) enter({ ...state, silent: false });
        break;
      case 'ask': {
        const [port] = ports;
        if (!port) return;
        const request: PreviewRequest = { ...message.ask, kind: 'script', from: address, lang };
        options.ask(request, port, asking.signal);
      }
    }
  }

  function isFlood(): boolean {
    const now = performance.now();
    if (now - second.began > 1000) second = { began: now, messages: 0 };
    second.messages += 1;
    return second.messages > FLOOD;
  }

  function stop(flooded: boolean): void {
    quiet();
    iframe?.remove();
    iframe = undefined;
    if (state.kind !== 'empty') enter({ kind: 'stopped', address: state.address, flooded });
  }

  function feel(): void {
    if (state.kind !== 'open' || document.hidden) return;
    if (unanswered >= PATIENCE && !state.silent) enter({ ...state, silent: true });
    unanswered += 1;
    // To whatever is in the frame: it is a question that tells nothing.
    iframe?.contentWindow?.postMessage('semdistro:alive?', '*');
  }

  addEventListener('message', hear);

  return {
    get state() {
      return state;
    },
    open(address) {
      escapes = 0;
      open(address);
    },
    reload() {
      if (state.kind !== 'empty') open(state.address);
    },
    stop() {
      stop(false);
    },
    asked(address) {
      wasAsked = true;
      clearInterval(pulse);
      enter({ kind: 'loading', address });
    },
    dispose() {
      quiet();
      removeEventListener('message', hear);
      iframe?.remove();
    },
  };
}

/** Where a frame is, when this page may see it: then it is no page of a server's. */
function whereItCanBeSeen(frame: HTMLIFrameElement): URL | 'blank' | undefined {
  try {
    const href = frame.contentWindow?.location.href;
    if (href === undefined) return undefined;
    return href === 'about:blank' ? 'blank' : new URL(href);
  } catch {
    return undefined;
  }
}
