/** A field as it was sent: the name's case is kept, bytes above ASCII are U+0080 to U+00FF. */
export type Header = readonly [name: string, value: string];

/** Every value of a field, in order. */
export function valuesOf(headers: readonly Header[], name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headers.flatMap(([one, value]) => (one.toLowerCase() === wanted ? [value] : []));
}

/** The first value of a field. */
export function valueOf(headers: readonly Header[], name: string): string | undefined {
  return valuesOf(headers, name)[0];
}

/** All but the fields of these names, which are in lower case. */
export function without(headers: readonly Header[], names: ReadonlySet<string>): readonly Header[] {
  return headers.filter(([name]) => !names.has(name.toLowerCase()));
}

/** A comma-separated field's members, in lower case. */
export function tokensOf(headers: readonly Header[], name: string): readonly string[] {
  return valuesOf(headers, name)
    .flatMap((value) => value.split(','))
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== '');
}

/** `text/html` of `Text/HTML; charset=utf-8`; empty when there is none. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** `utf-8` of `text/html; charset="utf-8"`. */
export function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(contentType ?? '')?.[1];
}
