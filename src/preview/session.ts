import { type Answer, type Ask, type Asker, asker, type AskerOptions, bodyOf } from './ask.ts';
import {
  type GuestAddress,
  guestUrl,
  hostOf,
  meaningOf,
  type PreviewPlace,
  previewPath,
} from './address.ts';
import { charsetOf, type Header, mediaType, valueOf } from './http/headers.ts';
import { withHeaders } from './http/request.ts';
import { requestLog, type RequestLog } from './log.ts';
import { decodeAs, type Part, preparePage } from './page/prepare.ts';
import { failureOf, type Problem, PreviewFailure } from './problem.ts';
import { type Language, problemPage } from './problem-page.ts';
import { firstOf, policyOf } from './sandbox.ts';

/** What a page in the preview, or whoever opens it, asks for. */
export interface PreviewRequest {
  readonly address: GuestAddress;
  readonly method: string;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array | undefined;
  /** `page`: its document; `script`: what a script of the page fetches. */
  readonly kind: 'page' | 'script';
  /** The page that asks. */
  readonly from?: GuestAddress | undefined;
  /** What a script wants of an answer that leads elsewhere. */
  readonly redirect?: 'follow' | 'error' | 'manual' | undefined;
  readonly lang: Language;
}

export interface PreviewAnswer extends Answer {
  /** Where it came from in the end, as the machine calls it. */
  readonly url: string;
  readonly redirected: boolean;
}

export interface PreviewOptions extends Pick<AskerOptions, 'dial' | 'now'> {
  readonly place: PreviewPlace;
  /** Address of the script that runs in a page before its own. */
  readonly pageScript: string;
  readonly userAgent: string;
  /** A request began, went on or ended. */
  readonly onLog: () => void;
  /** Milliseconds until there must be an answer's head; 60 s when not given. */
  readonly patience?: number;
}

/** All that previews share: cookies, requests under way, and the log. Nothing of it is kept. */
export interface PreviewSession {
  /** A page always has an answer, a script's request may reject with PreviewFailure. */
  answer(request: PreviewRequest, signal?: AbortSignal): Promise<PreviewAnswer>;
  /** What a script of a page wrote to `document.cookie`. */
  setCookie(page: GuestAddress, cookie: string): void;
  forgetCookies(port: number): void;
  readonly log: RequestLog;
}

const PATIENCE = 60_000;
/** Of a page's HTML, and of each part of it. */
const MOST_HTML = 16 * 1024 * 1024;
const MOST_PART = 16 * 1024 * 1024;
const MOST_REDIRECTS = 20;

/** What a document's answer keeps; the rest is about a browser's own connection and caches. */
const KEPT: ReadonlySet<string> = new Set(['content-type', 'content-language']);

export function openPreview(options: PreviewOptions): PreviewSession {
  const { dial, now, patience = PATIENCE, place } = options;
  const log = requestLog(now, options.onLog);
  const asking = asker({ dial, now, log, patience });

  async function page(request: PreviewRequest, signal?: AbortSignal): Promise<PreviewAnswer> {
    const { address, lang } = request;
    const sent = { ...asked(request, options), by: 'page', signal } as const;
    const policy = policyOf(options);
    const answer = await asking.ask(sent);
    const outside = leadsOutside(answer, address, place);
    if (outside !== undefined) {
      answer.close();
      throw new PreviewFailure('outside', outside);
    }
    const location = locationOf(answer, address, place);
    if (location) {
      answer.close();
      const headers = [['Location', previewPath(place, location)]] as const;
      return { ...answer, headers, body: nothing(), url: guestUrl(address), redirected: false };
    }
    const kept = answer.headers.filter(([name]) => KEPT.has(name.toLowerCase()));
    const type = valueOf(answer.headers, 'content-type');
    const whole = { ...answer, url: guestUrl(address), redirected: false };
    if (mediaType(type) !== 'text/html') return { ...whole, headers: [...kept, ...policy] };
    const bytes = await bodyOf(answer, MOST_HTML);
    const html = await preparePage(decodeAs(bytes, charsetOf(type) ?? metaCharset(bytes)), {
      ...{ place, address },
      first: firstOf(options, {
        place,
        address,
        cookies: asking.jar(address.port).visible(address.target),
        lang,
      }),
      load: (part, accept) => load(asking, part, accept, request, options, signal),
    });
    const headers = [
      ...withHeaders(kept, { 'Content-Type': 'text/html; charset=utf-8' }),
      ...policy,
    ];
    return { ...whole, headers, body: only(new TextEncoder().encode(html)) };
  }

  return {
    log,
    setCookie(at, cookie) {
      asking.jar(at.port).storeFromScript(cookie, at.target);
    },
    forgetCookies(port) {
      asking.jar(port).clear();
    },
    async answer(request, signal) {
      if (request.kind === 'script') return followed(asking, request, options, signal);
      try {
        return await page(request, signal);
      } catch (error) {
        const { problem, message } = failureOf(error);
        return problemAnswer(request, problem, message, options);
      }
    },
  };
}

function problemAnswer(
  { address, lang }: PreviewRequest,
  problem: Problem,
  detail: string,
  options: PreviewOptions,
): PreviewAnswer {
  const html = problemPage(lang, problem, { address, detail });
  const { place } = options;
  const first = firstOf(options, { place, address, cookies: '', lang, problem });
  return {
    ...{ status: 502, reason: 'Bad Gateway', url: guestUrl(address), redirected: false },
    headers: [['Content-Type', 'text/html; charset=utf-8'], ...policyOf(options)],
    body: only(new TextEncoder().encode(html.replace('<head>', `<head>${first}`))),
    close: () => undefined,
  };
}

/** As a browser sends it: who asks is said, and in the machine's own words. */
function asked(
  { address, method, headers, body, from }: PreviewRequest,
  { userAgent }: PreviewOptions,
): Omit<Ask, 'by'> {
  const withOrigin =
    from && ((method !== 'GET' && method !== 'HEAD') || from.port !== address.port);
  return {
    ...{ address, method, body },
    headers: withHeaders(headers, {
      'User-Agent': userAgent,
      Referer: from && guestUrl({ ...from, hash: '' }),
      Origin: withOrigin ? `http://${hostOf(from.port)}` : undefined,
    }),
  };
}

/** Where an answer leads in the machine; undefined when it is no redirect, or leads elsewhere. */
function locationOf(
  { status, headers }: Answer,
  from: GuestAddress,
  place: PreviewPlace,
): GuestAddress | undefined {
  const location = [301, 302, 303, 307, 308].includes(status)
    ? valueOf(headers, 'location')
    : undefined;
  const meaning = location === undefined ? undefined : meaningOf(utf8Of(location), from, place);
  if (meaning?.kind !== 'guest') return undefined;
  const { address } = meaning;
  return { ...address, hash: address.hash === '' ? from.hash : address.hash };
}

function leadsOutside(
  { status, headers }: Answer,
  from: GuestAddress,
  place: PreviewPlace,
): string | undefined {
  const location = status >= 300 && status < 400 ? valueOf(headers, 'location') : undefined;
  const meaning = location === undefined ? undefined : meaningOf(utf8Of(location), from, place);
  return meaning?.kind === 'outside' ? meaning.url : undefined;
}

/** Follows redirects as `fetch` does, and keeps a script out of servers that are not its page's. */
async function followed(
  asking: Asker,
  request: PreviewRequest,
  options: PreviewOptions,
  signal: AbortSignal | undefined,
  by: Ask['by'] = 'script',
): Promise<PreviewAnswer> {
  let now = request;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const anonymous = now.from !== undefined && now.from.port !== now.address.port;
    const answer = await asking.ask({ ...asked(now, options), by, signal, anonymous });
    if (anonymous && !allows(answer, now.from?.port ?? 0)) {
      answer.close();
      throw new PreviewFailure('forbidden', `no Access-Control-Allow-Origin for this page`);
    }
    const outside = leadsOutside(answer, now.address, options.place);
    const location = locationOf(answer, now.address, options.place);
    const isRedirect = outside !== undefined || location !== undefined;
    if (!isRedirect || now.redirect === 'manual') {
      return { ...answer, url: guestUrl(now.address), redirected: redirects > 0 };
    }
    answer.close();
    if (!location) throw new PreviewFailure('outside', outside ?? '');
    if (now.redirect === 'error') throw new PreviewFailure('redirects', 'it leads elsewhere');
    const { status } = answer;
    const { method } = now;
    const isGetNow =
      (status === 303 && method !== 'HEAD') ||
      ((status === 301 || status === 302) && method === 'POST');
    now = {
      ...now,
      address: location,
      ...(isGetNow && {
        method: 'GET',
        body: undefined,
        headers: withHeaders(now.headers, { 'Content-Type': undefined }),
      }),
    };
  }
  throw new PreviewFailure('redirects', `more than ${MOST_REDIRECTS} redirects`);
}

function allows({ headers }: Answer, port: number): boolean {
  const allowed = valueOf(headers, 'access-control-allow-origin');
  return allowed === '*' || allowed === `http://${hostOf(port)}`;
}

/** A part of a page: a style sheet, a picture. What does not come leaves its place empty. */
async function load(
  asking: Asker,
  address: GuestAddress,
  accept: string,
  { address: from, lang }: PreviewRequest,
  options: PreviewOptions,
  signal: AbortSignal | undefined,
): Promise<Part | undefined> {
  try {
    const headers = [['Accept', accept]] as const;
    const request = { address, method: 'GET', headers, kind: 'script', lang } as const;
    // Any server's pictures may be shown, so nobody is asked whether this page may read them.
    const own = address.port === from.port ? { from } : {};
    const answer = await followed(asking, { ...request, ...own }, options, signal, 'part');
    const bytes = await bodyOf(answer, MOST_PART);
    if (answer.status >= 400) return undefined;
    return { type: valueOf(answer.headers, 'content-type') ?? '', bytes };
  } catch {
    return undefined;
  }
}

/** A header's bytes are those of UTF-8, where they are. */
function utf8Of(text: string): string {
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);
  return new TextDecoder().decode(bytes);
}

function metaCharset(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 1024));
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,40})/i.exec(start)?.[1];
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // No body.
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
