/** A part of a page's HTML: text as it is, or a start tag with its attributes. */
export type HtmlPart =
  | { readonly kind: 'text'; readonly text: string }
  /** What is in a `<style>`. */
  | { readonly kind: 'style'; readonly text: string }
  | Tag;

export interface Tag {
  readonly kind: 'tag';
  /** In lower case. */
  readonly name: string;
  /** Names in lower case, values decoded; the first of each name counts. */
  readonly attributes: readonly Attribute[];
  /** As it was written. */
  readonly raw: string;
}

export type Attribute = readonly [name: string, value: string];

/** Elements whose content is no markup. */
const RAW: ReadonlySet<string> = new Set(
  'script style textarea title xmp iframe noembed noframes noscript'.split(' '),
);

/**
 * Cuts HTML at its start tags, as a browser's tokenizer does; joined again it is the same text. Takes
 * anything, and time in proportion to its length.
 */
export function htmlParts(html: string): readonly HtmlPart[] {
  const parts: HtmlPart[] = [];
  let from = 0;
  let at = html.indexOf('<');
  const text = (to: number): void => {
    if (to > from) parts.push({ kind: 'text', text: html.slice(from, to) });
    from = to;
  };

  while (at >= 0) {
    if (html.startsWith('<!--', at)) {
      at = after(html, '-->', at + 2);
    } else if (/[!?/]/.test(html.charAt(at + 1))) {
      at = after(html, '>', at + 1);
    } else if (/[a-z]/i.test(html.charAt(at + 1))) {
      text(at);
      const { tag, end } = readTag(html, at);
      // Without an end it is no tag, and nothing of it is shown.
      if (!tag) break;
      from = end;
      at = end;
      parts.push(tag);
      if (RAW.has(tag.name)) {
        at = endOfRaw(html, tag.name, end);
        if (tag.name === 'style' && at > end) {
          parts.push({ kind: 'style', text: html.slice(end, at) });
          from = at;
        }
      }
    } else {
      at += 1;
    }
    at = html.indexOf('<', at);
  }
  text(html.length);
  return parts;
}

export function htmlOf(parts: readonly HtmlPart[]): string {
  return parts.map((part) => (part.kind === 'tag' ? part.raw : part.text)).join('');
}

export function attributeOf(tag: Tag, name: string): string | undefined {
  return tag.attributes.find(([one]) => one === name)?.[1];
}

/** The tag with attributes set, and those that are undefined taken away. */
export function withAttributes(
  tag: Tag,
  changes: Readonly<Record<string, string | undefined>>,
): Tag {
  const attributes = [
    ...tag.attributes.filter(([name]) => !Object.hasOwn(changes, name)),
    ...Object.entries(changes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  ];
  const text = attributes.map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
  const closed = tag.raw.endsWith('/>') ? ' /' : '';
  return { ...tag, attributes, raw: `<${tag.name}${text}${closed}>` };
}

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Behind the next of these, or at the end. */
function after(html: string, what: string, at: number): number {
  const found = html.indexOf(what, at);
  return found < 0 ? html.length : found + what.length;
}

function endOfRaw(html: string, name: string, at: number): number {
  const end = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  end.lastIndex = at;
  return end.exec(html)?.index ?? html.length;
}

const NAME = /[^\s/>]*/y;
const SPACE = /[\s/]*/y;
const ATTRIBUTE = /[^\s/>=][^\s/>=]*|=[^\s/>=]*/y;
const VALUE = /\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*|(?=>)))/y;

function readTag(html: string, start: number): { readonly tag?: Tag; readonly end: number } {
  const take = (pattern: RegExp, at: number): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(html);
  };
  let at = start + 1;
  const name = take(NAME, at)?.[0] ?? '';
  at += name.length;
  const attributes = new Map<string, string>();
  for (;;) {
    at += take(SPACE, at)?.[0].length ?? 0;
    if (at >= html.length) return { end: start };
    if (html.charAt(at) === '>') break;
    const attribute = take(ATTRIBUTE, at)?.[0] ?? html.charAt(at);
    at += attribute.length;
    const value = take(VALUE, at);
    // A quote that has no end makes all that follows its value, and no tag.
    if (!value && /^\s*=/.test(html.slice(at, at + 20))) return { end: start };
    at += value?.[0].length ?? 0;
    const key = attribute.toLowerCase();
    const text = value?.[1] ?? value?.[2] ?? value?.[3] ?? '';
    if (!attributes.has(key)) attributes.set(key, decoded(text));
  }
  const end = at + 1;
  return {
    tag: {
      ...{ kind: 'tag', name: name.toLowerCase(), attributes: [...attributes] },
      raw: html.slice(start, end),
    },
    end,
  };
}

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' },
};

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos|nbsp));?/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
    },
  );
}
