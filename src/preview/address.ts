/**
 * Two names of the same thing: what a server in the machine is called there, `http://localhost:8080/list`,
 * and where the site has its pages, `/preview/8080/list`, below whatever the site's base is.
 */

/** Where the site has previews. */
export interface PreviewPlace {
  /** `https://example.org`. */
  readonly origin: string;
  /** `/preview/`, `/workshop/preview/`. */
  readonly folder: string;
}

/** A path of a server in the machine. */
export interface GuestAddress {
  readonly port: number;
  /** Path and query, `/list?page=2`. */
  readonly target: string;
  /** With its `#`, or empty. */
  readonly hash: string;
}

/** What a page of a server means by a link. */
export type Meaning =
  | { readonly kind: 'guest'; readonly address: GuestAddress }
  /** A host that is not this machine. */
  | { readonly kind: 'outside'; readonly url: string }
  /** Nothing that is fetched from anywhere: `data:`, `blob:`, `mailto:`, no URL at all. */
  | { readonly kind: 'other' };

const HERE = /^(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\])$/i;

export const hostOf = (port: number): string => `localhost:${port}`;

/** `http://localhost:8080/list#top`. */
export function guestUrl({ port, target, hash }: GuestAddress): string {
  return `http://${hostOf(port)}${target}${hash}`;
}

/** `/preview/8080/list#top`. */
export function previewPath(place: PreviewPlace, { port, target, hash }: GuestAddress): string {
  return `${place.folder}${port}${target}${hash}`;
}

/** The address that a URL of a preview stands for; undefined for any other URL. */
export function addressOfPreview(place: PreviewPlace, url: URL): GuestAddress | undefined {
  if (url.origin !== place.origin || !url.pathname.startsWith(place.folder)) return undefined;
  const inside = url.pathname.slice(place.folder.length);
  const [, digits, path = ''] = /^(\d{1,5})(\/.*)?$/s.exec(inside) ?? [];
  const port = Number(digits);
  if (digits === undefined || port < 1 || port > 65_535) return undefined;
  return { port, target: `${path === '' ? '/' : path}${url.search}`, hash: url.hash };
}

/** A link on a page of the server, as it is written there. */
export function meaningOf(link: string, base: GuestAddress, place: PreviewPlace): Meaning {
  let url: URL;
  try {
    url = new URL(link, guestUrl(base));
  } catch {
    return { kind: 'other' };
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { kind: 'other' };
  // A script asked its page where it is, and was told where the site has it.
  if (url.origin === place.origin) {
    const shown = addressOfPreview(place, url);
    const target = `${url.pathname}${url.search}`;
    return { kind: 'guest', address: shown ?? { port: base.port, target, hash: url.hash } };
  }
  if (!HERE.test(url.hostname)) return { kind: 'outside', url: url.href };
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const target = `${url.pathname}${url.search}`;
  return { kind: 'guest', address: { port, target, hash: url.hash } };
}

/** What somebody typed into the address bar: `:8080/x`, `localhost:8080`, `/x`, a whole URL. */
export function typedAddress(text: string, now: number | undefined): GuestAddress | undefined {
  const typed = text.trim();
  if (typed === '') return undefined;
  const whole = /^https?:\/\//i.test(typed)
    ? typed
    : /^\d{1,5}(?:[/?#]|$)/.test(typed)
      ? `http://localhost:${typed}`
      : typed.startsWith(':')
        ? `http://localhost${typed}`
        : /^[/?]/.test(typed)
          ? `http://${hostOf(now ?? 80)}${typed}`
          : `http://${typed}`;
  let url: URL;
  try {
    url = new URL(whole);
  } catch {
    return undefined;
  }
  if (!HERE.test(url.hostname)) return undefined;
  const port = url.port === '' ? 80 : Number(url.port);
  return { port, target: `${url.pathname}${url.search}`, hash: url.hash };
}
