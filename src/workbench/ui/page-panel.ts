import { type Child, fill, h, inked } from '../../dom/h.ts';
import {
  addressOfPreview,
  type GuestAddress,
  guestUrl,
  typedAddress,
} from '../../preview/address.ts';
import type { PreviewPort } from '../port.ts';
import { type FrameState, type PreviewFrame, previewFrame } from '../preview/frame.ts';
import { openService, type ServiceAsk } from '../preview/service.ts';
import { previewUrls } from '../preview/urls.ts';
import { button } from './button.ts';
import { attempt, type Desk } from './desk.ts';
import { keptAddress, keepAddress } from './kept-address.ts';
import { requestLogView } from './request-log.ts';

export interface PagePanel {
  /** The panel is in sight, or what is published changed. */
  refresh(): Promise<void>;
  /** The log of requests has changed. */
  requested(): void;
  /** A page was opened, in this tab, and is shown or kept beside another. */
  dispose(): void;
}

/** A page that is open: one per port that was chosen, so that two can be looked at in turn. */
interface Opened {
  readonly place: HTMLElement;
  readonly frame: PreviewFrame;
}

/** Pages of containers, beside the terminal. `folder` is where the site has previews. */
export function mountPagePanel(element: HTMLElement, desk: Desk, folder: string): PagePanel {
  const { workbench, lang, lab } = desk;
  const words = desk.words.page;
  const { preview } = workbench;
  const urls = previewUrls(folder);
  const key = lab?.slug ?? '';
  let shown: Opened | undefined;
  const opened: Opened[] = [];
  let ports: readonly PreviewPort[] = [];
  /** Of before a reload; opened when its port is there. */
  let waiting = keptAddress(key);
  let service: Promise<() => void> | undefined;

  const list = h('div', { class: 'wb-ports', role: 'group', 'aria-label': words.listLabel });
  const about = h('div', { class: 'wb-ports-about' });
  const address = h('input', {
    ...{ class: 'wb-address', type: 'text', inputmode: 'url', spellcheck: 'false' },
    ...{ autocapitalize: 'off', autocomplete: 'off', 'aria-label': words.address },
    'data-focus': 'address',
  });
  const reload = button(words.reload, () => shown?.frame.reload(), { 'data-focus': 'reload' });
  const stop = button(words.stop, () => shown?.frame.stop(), { 'data-focus': 'stop' });
  const bar = h(
    'form',
    { class: 'wb-address-bar', submit: go },
    address,
    h('button', { type: 'submit', class: 'wb-button' }, words.go),
    reload,
    stop,
  );
  const said = h('p', { class: 'wb-page-said', role: 'status' });
  const pages = h('div', { class: 'wb-pages' });
  const log = requestLogView(desk, preview);
  element.append(list, about, bar, said, pages, log.element);

  /** What is being typed is not written over by a page that goes elsewhere. */
  let typing = false;
  address.addEventListener('input', () => (typing = true));
  address.addEventListener('blur', () => (typing = false));

  function go(event: Event): void {
    event.preventDefault();
    typing = false;
    const typed = typedAddress(address.value, portOf(shown));
    if (typed) void open(typed);
    else say(words.wrongAddress);
  }

  function say(text: string): void {
    fill(said, ...inked(text));
    said.hidden = text === '';
  }

  /** The tab's answer to the service worker: a document for one of its frames. */
  function answer({ url, method, headers, body }: ServiceAsk, port: MessagePort): boolean {
    const asked = addressOfPreview(urls.place, new URL(url));
    const one =
      opened.find((it) => it === shown && portOf(it) === asked?.port) ??
      opened.find((it) => portOf(it) === asked?.port) ??
      shown;
    if (!asked || !one) return false;
    const { state } = one.frame;
    const from = state.kind === 'open' ? state.address : undefined;
    one.frame.asked(asked);
    port.postMessage('mine');
    ask({ address: asked, method, headers, body, kind: 'page', from, lang }, port);
    return true;
  }

  function ask(...[request, port, signal]: Parameters<typeof preview.ask>): void {
    // The answer says what went wrong; nobody waits for this.
    preview.ask(request, port, signal).catch(() => {
      port.close();
    });
  }

  async function open(to: GuestAddress): Promise<void> {
    service ??= openService(urls, answer);
    try {
      await service;
    } catch {
      service = undefined;
      const { message, hint = '' } = words.impossible;
      say(`${message} ${hint}`);
      return;
    }
    const one = opened.find((it) => portOf(it) === to.port) ?? added();
    show(one);
    one.frame.open(to);
  }

  function added(): Opened {
    const place = h('div', { class: 'wb-page-frame' });
    const frame = previewFrame(place, {
      ...{ place: urls.place, lang, title: words.frame, ask },
      onState: (state) => {
        if (shown?.frame === frame) follow(state);
      },
      setCookie: (page, cookie) => void preview.setCookie(page, cookie).catch(() => undefined),
      onOutside: (url) => {
        say(words.outside(url));
      },
    });
    const one = { place, frame };
    opened.push(one);
    pages.append(place);
    return one;
  }

  function show(one: Opened): void {
    shown = one;
    for (const { place } of opened) place.hidden = place !== one.place;
    follow(one.frame.state);
  }

  function follow(state: FrameState): void {
    const isThere = state.kind !== 'empty';
    reload.disabled = !isThere;
    stop.disabled = state.kind !== 'open' && state.kind !== 'loading';
    if (isThere) {
      const url = guestUrl(state.address);
      if (!typing) address.value = url.replace(/^http:\/\//, '');
      if (state.kind === 'open') keepAddress(key, state.address);
    }
    pages.dataset['state'] = state.kind === 'open' && state.silent ? 'silent' : state.kind;
    if (state.kind === 'open') say(state.silent ? words.silent : '');
    else if (state.kind === 'loading') say('');
    else if (state.kind === 'empty') say(ports.some((one) => one.open) ? words.choose : '');
    else if (state.kind === 'stopped') say(state.flooded ? words.flooded : words.stopped);
    else say(words.away);
    drawPorts();
  }

  function drawPorts(): void {
    const there = ports.filter((one) => one.open);
    const now = portOf(shown);
    fill(
      list,
      ...there.map(({ port, container }) =>
        button(words.port(port, container), () => void choose(port), {
          'aria-pressed': String(port === now),
          'data-focus': `port-${port}`,
        }),
      ),
    );
    list.hidden = there.length === 0;
    const gone = ports.filter((one) => !one.open && !there.some(({ port }) => port === one.port));
    fill(
      about,
      ports.length === 0 && h('p', { class: 'wb-empty' }, ...inked(words.none)),
      ...gone.map(endedRow),
      waiting !== undefined &&
        now === undefined &&
        h('p', { class: 'wb-soft' }, words.before(guestUrl(waiting).replace(/^http:\/\//, ''))),
    );
  }

  function endedRow({ port, container }: PreviewPort): Child {
    const command = words.start(container);
    const start = (): void => {
      document.dispatchEvent(new CustomEvent('semdistro:run', { detail: { command } }));
    };
    return h(
      'div',
      { class: 'wb-ended' },
      h('p', { class: 'wb-soft' }, ...inked(words.ended(port, container))),
      button(command, start, { 'data-focus': `start-${container}` }),
    );
  }

  async function choose(port: number): Promise<void> {
    const one = opened.find((it) => portOf(it) === port);
    if (one && one.frame.state.kind !== 'stopped') show(one);
    else await open({ port, target: '/', hash: '' });
  }

  show(added());

  return {
    async refresh() {
      await attempt(desk, async () => {
        const before = new Set(ports.filter((one) => one.open).map(({ port }) => port));
        // While the machine starts there are none.
        ports = await preview.ports().catch(() => []);
        follow(shown?.frame.state ?? { kind: 'empty' });
        const back = waiting;
        const isNew = (port: number): boolean =>
          !before.has(port) && ports.some((one) => one.open && one.port === port);
        if (back && isNew(back.port) && portOf(shown) === undefined) {
          waiting = undefined;
          await open(back);
        }
        await log.refresh();
      });
    },
    requested() {
      void log.refresh().catch(() => undefined);
    },
    dispose() {
      for (const { frame } of opened) frame.dispose();
      service?.then(
        (end) => {
          end();
        },
        () => undefined,
      );
    },
  };
}

function portOf(one: Opened | undefined): number | undefined {
  const state = one?.frame.state;
  return state === undefined || state.kind === 'empty' ? undefined : state.address.port;
}
