import { quote } from '../format/go-quote.ts';

export interface NumberError {
  readonly message: string;
}

/** A number or character constant as Go's templates read one. */
export function parseNumber(text: string): number | NumberError {
  if (text.startsWith("'")) {
    const value = unquote(`"${text.slice(1, -1).replaceAll('"', '\\"')}"`);
    const code = value?.codePointAt(0);
    if (value === undefined || code === undefined || String.fromCodePoint(code) !== value) {
      return { message: `malformed character constant: ${text}` };
    }
    return code;
  }
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '');
  // Go still reads a leading 0 as octal.
  const value = /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits);
  if (Number.isNaN(value)) return { message: `illegal number syntax: ${quote(text)}` };
  if (/^[0-9]+$/.test(digits) && !Number.isSafeInteger(value)) {
    return { message: `integer overflow: ${quote(text)}` };
  }
  return sign * value;
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Go's `strconv.Unquote` of "…" and `…`; undefined when it is no valid literal. */
export function unquote(literal: string): string | undefined {
  const body = literal.slice(1, -1);
  if (literal.startsWith('`')) return body.replaceAll('\r', '');
  const invalid: string[] = [];
  const value = body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]?))/g,
    (all, hex?: string, short?: string, long?: string, octal?: string, simple?: string) => {
      const digits = hex ?? short ?? long;
      const code = digits !== undefined ? parseInt(digits, 16) : parseInt(octal ?? '', 8);
      const found = Number.isNaN(code)
        ? SIMPLE[simple ?? '']
        : code <= 0x10ffff
          ? String.fromCodePoint(code)
          : undefined;
      if (found === undefined) invalid.push(all);
      return found ?? '';
    },
  );
  return invalid.length === 0 ? value : undefined;
}
