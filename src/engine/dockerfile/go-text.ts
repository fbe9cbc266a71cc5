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

/** `%q`: what Docker's messages put around user input. */
export function quote(text: string): string {
  let quoted = '"';
  for (const character of text) quoted += quoteCharacter(character);
  return `${quoted}"`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);

function quoteCharacter(character: string): string {
  const escape = ESCAPES.get(character);
  if (escape !== undefined) return escape;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) return character;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** The code points: what Go calls runes. */
export function characters(text: string): readonly string[] {
  return Array.from(text);
}
