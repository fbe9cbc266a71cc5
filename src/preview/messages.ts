import type { GuestAddress } from './address.ts';
import type { Header } from './http/headers.ts';

/**
 * What a page in the preview may tell the workbench. It comes from a page that somebody wrote who may
 * mean anything: every field is looked at, and the rest is dropped.
 */
export type PageMessage =
  /** Its document began. */
  | { readonly kind: 'here'; readonly address: GuestAddress; readonly failed: boolean }
  | { readonly kind: 'title'; readonly title: string }
  | { readonly kind: 'hash'; readonly hash: string }
  | { readonly kind: 'cookie'; readonly cookie: string }
  /** A link was followed that leads to a host outside. */
  | { readonly kind: 'outside'; readonly url: string }
  /** The answer to `alive?`. */
  | { readonly kind: 'alive' }
  /** A port comes with it, for the answer. */
  | { readonly kind: 'ask'; readonly ask: PageAsk };

/** What a script of a page fetches. */
export interface PageAsk {
  readonly address: GuestAddress;
  readonly method: string;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array | undefined;
  readonly redirect: 'follow' | 'error' | 'manual';
}

const MOST_HEADERS = 200;
const LONGEST = 16_000;
const MOST_BODY = 64 * 1024 * 1024;
const REDIRECTS = ['follow', 'error', 'manual'] as const;

export function pageMessage(data: unknown): PageMessage | undefined {
  const message = fieldsOf(data);
  if (message?.['semdistro'] !== 'preview') return undefined;
  switch (message['kind']) {
    case 'here': {
      const address = addressIn(message['address']);
      return address && { kind: 'here', address, failed: message['failed'] === true };
    }
    case 'title': {
      const title = textIn(message['title']);
      return title === undefined ? undefined : { kind: 'title', title: title.slice(0, 200) };
    }
    case 'hash': {
      const hash = textIn(message['hash']);
      return hash === undefined ? undefined : { kind: 'hash', hash };
    }
    case 'cookie': {
      const cookie = textIn(message['cookie']);
      return cookie === undefined ? undefined : { kind: 'cookie', cookie };
    }
    case 'outside': {
      const url = textIn(message['url']);
      return url !== undefined && /^https?:\/\//.test(url) ? { kind: 'outside', url } : undefined;
    }
    case 'alive':
      return { kind: 'alive' };
    case 'ask': {
      const ask = askIn(message['ask']);
      return ask && { kind: 'ask', ask };
    }
    default:
      return undefined;
  }
}

function askIn(data: unknown): PageAsk | undefined {
  const ask = fieldsOf(data);
  const address = addressIn(ask?.['address']);
  const method = textIn(ask?.['method']);
  const headers = headersIn(ask?.['headers']);
  if (!ask || !address || !headers || method === undefined) return undefined;
  if (!/^[A-Z]{1,20}$/.test(method) || method === 'CONNECT' || method === 'TRACE') return undefined;
  const body = ask['body'];
  if (body !== undefined && !(body instanceof Uint8Array && body.length <= MOST_BODY)) {
    return undefined;
  }
  const redirect = REDIRECTS.find((one) => one === ask['redirect']) ?? 'follow';
  return { address, method, headers, body, redirect };
}

export function addressIn(data: unknown): GuestAddress | undefined {
  const address = fieldsOf(data);
  const port = address?.['port'];
  const target = textIn(address?.['target']);
  const hash = textIn(address?.['hash']) ?? '';
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    return undefined;
  }
  if (target === undefined || !/^\/[\x21-\x7e]*$/.test(target)) return undefined;
  return { port, target, hash: hash === '' || hash.startsWith('#') ? hash : '' };
}

function headersIn(data: unknown): readonly Header[] | undefined {
  if (!Array.isArray(data) || data.length > MOST_HEADERS) return undefined;
  const headers = data.flatMap((one: unknown): readonly Header[] => {
    if (!Array.isArray(one)) return [];
    const [name, value] = one.map(textIn);
    if (name === undefined || value === undefined) return [];
    return /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && !/[\r\n\0]/.test(value) ? [[name, value]] : [];
  });
  return headers.length === data.length ? headers : undefined;
}

function textIn(data: unknown): string | undefined {
  return typeof data === 'string' && data.length <= LONGEST ? data : undefined;
}

function fieldsOf(data: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof data === 'object' && data !== null
    ? (data as Readonly<Record<string, unknown>>)
    : undefined;
}
