/** A part of a style sheet: text as it is, or an address in it. */
export type CssPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'url'; readonly url: string }
  /** Of another style sheet. */
  | { readonly kind: 'import'; readonly url: string };

/**
 * Comments and strings are looked at so that what they hold is no address. Every part has an end
 * within so many characters, so that no style sheet takes longer than its length.
 */
const INTERESTING = new RegExp(
  [
    String.raw`\/\*[\s\S]*?(?:\*\/|$)`,
    String.raw`@import\s{1,20}(?:url\(\s{0,20})?(?:"(?<i1>[^"\n]{1,4000})"|'(?<i2>[^'\n]{1,4000})'|(?<i3>[^\s"')(;]{1,4000}))(?:\s{0,20}\))?`,
    String.raw`url\(\s{0,20}(?:"(?<u1>[^"\n]{0,4000})"|'(?<u2>[^'\n]{0,4000})'|(?<u3>[^\s"')(]{0,4000}))\s{0,20}\)`,
    String.raw`"(?:\\.|[^"\\\n])*"?`,
    String.raw`'(?:\\.|[^'\\\n])*'?`,
  ].join('|'),
  'gi',
);

export function cssParts(css: string): readonly CssPart[] {
  const parts: CssPart[] = [];
  let from = 0;
  const text = (to: number): void => {
    if (to > from) parts.push({ kind: 'text', text: css.slice(from, to) });
  };
  for (const { index, groups = {}, 0: whole } of css.matchAll(INTERESTING)) {
    const imported = groups['i1'] ?? groups['i2'] ?? groups['i3'];
    const url = groups['u1'] ?? groups['u2'] ?? groups['u3'];
    if (imported === undefined && (url === undefined || url === '')) continue;
    text(index);
    from = index + whole.length;
    if (imported !== undefined) parts.push({ kind: 'import', url: unescaped(imported) });
    else if (url !== undefined) parts.push({ kind: 'url', url: unescaped(url) });
  }
  text(css.length);
  return parts;
}

/** The style sheet again, with other addresses. */
export function cssOf(parts: readonly CssPart[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      const url = `url("${part.url.replace(/["\\\n]/g, (c) => `\\${c.charCodeAt(0).toString(16)} `)}")`;
      return part.kind === 'url' ? url : `@import ${url}`;
    })
    .join('');
}

function unescaped(text: string): string {
  return text.replace(/\\(?:([0-9a-f]{1,6})\s?|(.))/gi, (_, hex?: string, char?: string) => {
    if (hex === undefined) return char ?? '';
    const code = Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}
