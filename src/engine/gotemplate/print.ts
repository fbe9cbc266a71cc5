import { EngineError } from '../errors.ts';
import { quote } from '../format/go-quote.ts';
import { type GoValue, sortedKeys, typeName } from './value.ts';

/** Longest text one function or a whole template may make; more is an attack or a mistake. */
const MAX_OUTPUT = 16 * 1024 * 1024;
const MAX_WIDTH = 10_000;

/** Fails with `template-too-large` rather than let a template eat the memory. */
export function checkLength(length: number): void {
  if (length > MAX_OUTPUT) {
    throw new EngineError(
      'template-too-large',
      `the template makes more than ${MAX_OUTPUT} characters`,
    );
  }
}

/** What `{{x}}` prints: Go's `%v`, but `<no value>` for what is not there. */
export function printValue(value: GoValue): string {
  if (value === undefined || value === null) return '<no value>';
  return verbV(value);
}

/** Go's `%v`. */
function verbV(value: GoValue): string {
  if (value === undefined || value === null) return '<nil>';
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value !== 'object') return String(value);
  switch (value.kind) {
    case 'nil':
      return '<nil>';
    case 'slice':
      return `[${value.items.map(verbV).join(' ')}]`;
    case 'map': {
      const pairs = sortedKeys(value).map((key) => `${key}:${verbV(value.entries.get(key))}`);
      return `map[${pairs.join(' ')}]`;
    }
    case 'struct':
      return value.text ?? `{${[...value.fields.values()].map((f) => verbV(f.value())).join(' ')}}`;
  }
}

function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  // %v of a float is %g with the exponent threshold at 21.
  return exponent < -4 || exponent >= 21
    ? value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
    : String(value);
}

/** Go's `fmt.Sprint`: a space between operands when neither is a string. */
export function print(values: readonly GoValue[]): string {
  let text = '';
  for (const [index, value] of values.entries()) {
    const before = values[index - 1];
    if (index > 0 && typeof value !== 'string' && typeof before !== 'string') text += ' ';
    text += verbV(value);
    checkLength(text.length);
  }
  return text;
}

/** Go's `fmt.Sprintln`. */
export function println(values: readonly GoValue[]): string {
  let text = '';
  for (const [index, value] of values.entries()) {
    text += (index > 0 ? ' ' : '') + verbV(value);
    checkLength(text.length);
  }
  return `${text}\n`;
}

const DIRECTIVE = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d+)?)?([\s\S]?)/gu;

/** Go's `fmt.Sprintf` for the values a template has; mistakes show as Go shows them: `%!d(string=a)`. */
export function printf(format: string, values: readonly GoValue[]): string {
  let used = 0;
  let made = 0;
  const take = (): { readonly value: GoValue } | undefined => {
    if (used >= values.length) return undefined;
    return { value: values[used++] };
  };
  const number = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const value = text === '*' ? take()?.value : Number(text);
    return typeof value === 'number' ? Math.max(-MAX_WIDTH, Math.min(value, MAX_WIDTH)) : undefined;
  };
  let text = format.replace(
    DIRECTIVE,
    (
      all: string,
      flags: string,
      widthText: string | undefined,
      precisionText: string | undefined,
      verb: string,
    ) => {
      const width = number(widthText);
      const precision = number(precisionText) ?? (all.includes('.') ? 0 : undefined);
      if (verb === '') return '%!(NOVERB)';
      if (verb === '%') return '%';
      const argument = take();
      if (!argument) return `%!${verb}(MISSING)`;
      const body = formatVerb(verb, argument.value, flags, precision);
      made += body.length;
      checkLength(made);
      return padded(body, flags, width);
    },
  );
  if (used < values.length) {
    const extra = values.slice(used).map((value) => `${typeName(value)}=${verbV(value)}`);
    text += `%!(EXTRA ${extra.join(', ')})`;
  }
  checkLength(text.length);
  return text;
}

function padded(body: string, flags: string, width: number | undefined): string {
  if (width === undefined) return body;
  const length = Array.from(body).length;
  const fill = Math.abs(width) - length;
  if (fill <= 0) return body;
  if (flags.includes('-') || width < 0) return body + ' '.repeat(fill);
  if (!flags.includes('0') || !/^[-+]?[0-9.]+$/.test(body)) return ' '.repeat(fill) + body;
  const sign = /^[-+]/.exec(body)?.[0] ?? '';
  return sign + '0'.repeat(fill) + body.slice(sign.length);
}

function formatVerb(
  verb: string,
  value: GoValue,
  flags: string,
  precision: number | undefined,
): string {
  const bad = `%!${verb}(${value === undefined || value === null ? '<nil>' : `${typeName(value)}=${verbV(value)}`})`;
  if (verb === 'T') return value === undefined || value === null ? '<nil>' : typeName(value);
  if (verb === 'v') return verbV(value);
  if (typeof value === 'object' && value !== null && value.kind === 'slice') {
    return `[${value.items.map((item) => formatVerb(verb, item, flags, precision)).join(' ')}]`;
  }
  if (verb === 's' || verb === 'q') {
    if (typeof value === 'number' && verb === 'q') return `'${String.fromCodePoint(value)}'`;
    if (typeof value === 'number' || typeof value === 'boolean') return bad;
    const text =
      precision === undefined
        ? verbV(value)
        : Array.from(verbV(value)).slice(0, precision).join('');
    return verb === 'q' ? quote(text) : text;
  }
  if (verb === 't') return typeof value === 'boolean' ? String(value) : bad;
  if (typeof value === 'string' && (verb === 'x' || verb === 'X')) {
    const hex = [...new TextEncoder().encode(value)]
      .map((b) => b.toString(16).padStart(2, '0'))
      .join('');
    return verb === 'x' ? hex : hex.toUpperCase();
  }
  if (typeof value !== 'number') return bad;
  const body = formatNumeric(verb, value, flags, precision);
  if (body === undefined) return bad;
  const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return value >= 0 && 'dbox'.includes(verb.toLowerCase()) ? sign + body : body;
}

function formatNumeric(
  verb: string,
  value: number,
  flags: string,
  precision: number | undefined,
): string | undefined {
  const whole = Number.isInteger(value);
  const sharp = flags.includes('#');
  switch (verb) {
    case 'd':
      return whole ? String(value) : undefined;
    case 'x':
      return whole ? (sharp ? '0x' : '') + value.toString(16) : undefined;
    case 'X':
      return whole ? (sharp ? '0X' : '') + value.toString(16).toUpperCase() : undefined;
    case 'o':
      return whole ? (sharp ? '0' : '') + value.toString(8) : undefined;
    case 'b':
      return whole ? value.toString(2) : undefined;
    case 'c':
      return whole && value >= 0 && value <= 0x10ffff ? String.fromCodePoint(value) : undefined;
    case 'f':
    case 'F':
      return value.toFixed(Math.min(Math.max(precision ?? 6, 0), 100));
    case 'e':
      return value
        .toExponential(Math.min(Math.max(precision ?? 6, 0), 100))
        .replace(/e([+-])(\d)$/, 'e$10$2');
    case 'g':
      return formatNumber(value);
    default:
      return undefined;
  }
}
