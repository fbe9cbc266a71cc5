/**
 * Go's ideas about text where they differ from JavaScript's. BuildKit is written in Go, and a
 * Dockerfile with an unusual space in it must be cut where BuildKit cuts it.
 */

const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const LEADING = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** `unicode.IsSpace` of a character, or of any in a text: unlike `\s` with U+0085, not U+FEFF. */
export function isSpace(character: string): boolean {
  return SPACE.test(character);
}

/** For the places where BuildKit looks at bytes and so knows no other spaces than these. */
export function isAsciiSpace(character: string): boolean {
  return character === ' ' || (character >= '\t' && character <= '\r');
}

/** `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charAt(end - 1))) end--;
  return trimLeft(text.slice(0, end));
}

/** `strings.TrimLeftFunc(text, unicode.IsSpace)`. */
export function trimLeft(text: string): string {
  return text.replace(LEADING, '');
}

/** The code points: what Go calls runes. */
export function characters(text: string): readonly string[] {
  return Array.from(text);
}
