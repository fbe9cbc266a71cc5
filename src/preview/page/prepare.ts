import {
  type GuestAddress,
  guestUrl,
  meaningOf,
  type PreviewPlace,
  previewPath,
} from '../address.ts';
import { dataUrl } from './base64.ts';
import { cssOf, cssParts } from './css.ts';
import { attributeOf, type HtmlPart, htmlOf, htmlParts, type Tag, withAttributes } from './html.ts';

/**
 * Makes a server's page one that needs nothing more from anywhere: its document has no origin of its
 * own, so that nothing of the workshop is in its reach, and therefore no service worker that could
 * answer what it asks for. Scripts, style sheets, pictures and fonts that it names are put into it;
 * links and forms lead to where the site has the server.
 */
export interface PageOptions {
  readonly place: PreviewPlace;
  /** Of the page. */
  readonly address: GuestAddress;
  /** HTML that comes before anything of the page runs. */
  readonly first: string;
  /** A part of the page; undefined when it is not to be had. Never rejects. */
  readonly load: (address: GuestAddress, accept: string) => Promise<Part | undefined>;
}

export interface Part {
  /** As the server says it. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Of all parts together; what is over it stays away. */
const MOST_BYTES = 48 * 1024 * 1024;
const MOST_PARTS = 400;
/** Of style sheets that import style sheets. */
const DEEPEST = 4;

const ACCEPT = { style: 'text/css,*/*;q=0.1', image: 'image/*,*/*;q=0.8', any: '*/*' } as const;

/** Attributes that name a part, besides scripts and style sheets. */
const MEDIA: Readonly<Record<string, readonly string[]>> = {
  ...{ img: ['src'], source: ['src'], audio: ['src'], video: ['src', 'poster'], track: ['src'] },
  ...{ input: ['src'], image: ['href', 'xlink:href'], body: ['background'] },
};

/** Attributes that lead to another page. */
const LINKS: Readonly<Record<string, string>> = {
  ...{ a: 'href', area: 'href', form: 'action', button: 'formaction', input: 'formaction' },
};

export async function preparePage(html: string, options: PageOptions): Promise<string> {
  const parts = htmlParts(html);
  const base = baseOf(parts, options);
  const parter = partLoader(options);
  const made = await Promise.all(parts.map((part) => prepare(part, base, options, parter)));
  return htmlOf(withFirst(made, options.first));
}

type Loader = ReturnType<typeof partLoader>;

/** Loads each part once, as long as there is room for more. */
function partLoader({ load, place }: PageOptions) {
  const loading = new Map<string, Promise<string | undefined>>();
  let left = MOST_BYTES;

  function once(
    link: string,
    base: GuestAddress,
    accept: string,
    made: (part: Part, at: GuestAddress) => Promise<string> | string,
  ): Promise<string | undefined> {
    const meaning = meaningOf(link, base, place);
    if (meaning.kind !== 'guest') return Promise.resolve(undefined);
    const address = { ...meaning.address, hash: '' };
    const key = `${accept} ${guestUrl(address)}`;
    const before = loading.get(key);
    if (before) return before;
    if (loading.size >= MOST_PARTS) return Promise.resolve(undefined);
    const now = load(address, accept).then((part) => {
      if (!part || part.bytes.length > left) return undefined;
      left -= part.bytes.length;
      return made(part, address);
    });
    loading.set(key, now);
    return now;
  }

  const data = (link: string, base: GuestAddress, accept: string): Promise<string | undefined> =>
    once(link, base, accept, ({ type, bytes }) => dataUrl(type, bytes));

  async function css(text: string, base: GuestAddress, depth = 0): Promise<string> {
    const parts = await Promise.all(
      cssParts(text).map(async (part) => {
        if (part.kind === 'text') return part;
        const url =
          part.kind === 'url'
            ? await data(part.url, base, ACCEPT.any)
            : await sheet(part.url, base, depth + 1);
        return { ...part, url: url ?? part.url };
      }),
    );
    return cssOf(parts);
  }

  async function sheet(link: string, base: GuestAddress, depth = 0): Promise<string | undefined> {
    if (depth > DEEPEST) return undefined;
    return once(link, base, ACCEPT.style, async ({ bytes }, at) =>
      dataUrl(
        'text/css; charset=utf-8',
        new TextEncoder().encode(await css(decode(bytes), at, depth)),
      ),
    );
  }

  const script = (link: string, base: GuestAddress): Promise<string | undefined> =>
    once(link, base, ACCEPT.any, ({ type, bytes }) =>
      dataUrl(/script|json|wasm/i.test(type) ? type : 'text/javascript', bytes),
    );

  return { data, css, sheet, script };
}

async function prepare(
  part: HtmlPart,
  base: GuestAddress,
  { place }: PageOptions,
  loader: Loader,
): Promise<HtmlPart> {
  if (part.kind === 'text') return part;
  if (part.kind === 'style') {
    // The page's own tokenizer ends a style at the first `</style`, wherever it is.
    return { ...part, text: (await loader.css(part.text, base)).replaceAll('</', '<\\/') };
  }
  const changes: Record<string, string | undefined> = {};
  const get = (name: string): string | undefined => attributeOf(part, name);
  const put = async (name: string, to: Promise<string | undefined>): Promise<void> => {
    const url = await to;
    if (url !== undefined) changes[name] = url;
  };
  switch (part.name) {
    case 'meta': {
      const about = get('http-equiv')?.toLowerCase();
      // The preview has a policy of its own, which is stricter.
      if (about === 'content-security-policy') return { kind: 'text', text: '' };
      const [, before, url] =
        /^(\s*[\d.]+\s*[;,]\s*url\s*=\s*)["']?([^"']*)/i.exec(get('content') ?? '') ?? [];
      if (about === 'refresh' && before !== undefined && url !== undefined) {
        changes['content'] = before + (leadsTo(url, base, place) ?? url);
      }
      break;
    }
    case 'base':
      changes['href'] = get('href') === undefined ? undefined : previewPath(place, base);
      changes['target'] = undefined;
      break;
    case 'script': {
      const src = get('src');
      if (src === undefined) break;
      await put('src', loader.script(src, base));
      if (changes['src'] !== undefined)
        Object.assign(changes, { integrity: undefined, crossorigin: undefined });
      break;
    }
    case 'link': {
      const href = get('href');
      if (href === undefined) break;
      const isSheet = /(?:^|\s)stylesheet(?:\s|$)/i.test(get('rel') ?? '');
      // Icons and what is fetched ahead are of no use here.
      if (!isSheet) changes['href'] = undefined;
      else await put('href', loader.sheet(href, base));
      if (isSheet && changes['href'] !== undefined)
        Object.assign(changes, { integrity: undefined, crossorigin: undefined });
      break;
    }
  }
  const isImageButton = part.name !== 'input' || get('type')?.toLowerCase() === 'image';
  for (const name of isImageButton ? (MEDIA[part.name] ?? []) : []) {
    const src = get(name);
    if (src !== undefined && src.trim() !== '')
      await put(name, loader.data(src, base, ACCEPT.image));
  }
  const srcset = get('srcset');
  if (srcset !== undefined) {
    changes['srcset'] = await inSrcset(srcset, (url) => loader.data(url, base, ACCEPT.image));
  }
  const style = get('style');
  if (style !== undefined && /url\(/i.test(style)) changes['style'] = await loader.css(style, base);
  const link = LINKS[part.name];
  const written = link === undefined ? undefined : get(link);
  if (link !== undefined && written !== undefined) {
    const url = leadsTo(written, base, place);
    if (url !== undefined) changes[link] = url;
  }
  // There is one frame, and a page may open nothing else.
  if (link !== undefined && /^_(?:blank|top|parent)$/i.test(get('target') ?? '')) {
    changes['target'] = undefined;
  }
  return Object.keys(changes).length === 0 ? part : withAttributes(part, changes);
}

/** Where a link that is no relative one leads in the preview; undefined when it can stay as it is. */
function leadsTo(written: string, base: GuestAddress, place: PreviewPlace): string | undefined {
  const text = written.trim();
  if (!/^(?:[/\\]|\.\.|[a-z][a-z\d+.-]*:)/i.test(text)) return undefined;
  const meaning = meaningOf(text, base, place);
  return meaning.kind === 'guest' ? previewPath(place, meaning.address) : undefined;
}

async function inSrcset(
  srcset: string,
  load: (url: string) => Promise<string | undefined>,
): Promise<string> {
  const candidates = [
    ...srcset.matchAll(/([^\s,]\S{0,4000}?)(?:,(?=\s|$)|$|\s+([\d.]+[wx])\s*(?:,|$)|\s+(?=\S))/g),
  ];
  const made = await Promise.all(
    candidates.map(
      async ([, url = '', size]) =>
        `${(await load(url)) ?? url}${size === undefined ? '' : ` ${size}`}`,
    ),
  );
  return made.join(', ');
}

function baseOf(parts: readonly HtmlPart[], { address, place }: PageOptions): GuestAddress {
  const tag = parts.find(
    (part): part is Tag =>
      part.kind === 'tag' && part.name === 'base' && attributeOf(part, 'href') !== undefined,
  );
  const meaning = tag && meaningOf(attributeOf(tag, 'href') ?? '', address, place);
  return meaning?.kind === 'guest' ? meaning.address : address;
}

function withFirst(parts: readonly HtmlPart[], first: string): readonly HtmlPart[] {
  const at = parts.findIndex((part) => part.kind === 'tag' && part.name !== 'html');
  const inserted: HtmlPart = { kind: 'text', text: first };
  if (at < 0) return [...parts, inserted];
  const part = parts[at];
  const place = part?.kind === 'tag' && part.name === 'head' ? at + 1 : at;
  return [...parts.slice(0, place), inserted, ...parts.slice(place)];
}

function decode(bytes: Uint8Array): string {
  const charset = /^@charset "([\w-]{1,40})"/.exec(
    String.fromCharCode(...bytes.subarray(0, 60)),
  )?.[1];
  return decodeAs(bytes, charset);
}

/** Text by the name of its encoding, UTF-8 where there is none of that name. */
export function decodeAs(bytes: Uint8Array, charset: string | undefined): string {
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
