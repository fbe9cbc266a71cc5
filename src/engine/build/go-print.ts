import { quote } from '../format/go-quote.ts';

/** `%q` of a list of strings: `["a" "b"]`, as history rows show CMD and ENTRYPOINT. */
export function quoteList(list: readonly string[]): string {
  return `[${list.map(quote).join(' ')}]`;
}

/** `%v` of a list of strings. */
export function plainList(list: readonly string[]): string {
  return `[${list.join(' ')}]`;
}

/** `%q` of a number: Go takes it for a character, and so does Docker's history for `--retries`. */
export function quoteNumber(value: number): string {
  const isCharacter = value >= 0 && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
  const character = isCharacter ? String.fromCodePoint(value) : '\ufffd';
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  return `'${quote(character).slice(1, -1)}'`;
}

const UNITS = [
  ['h', 3_600_000_000_000],
  ['m', 60_000_000_000],
] as const;

/** Go's `time.Duration` as text: `1m30s`, `1.5ms`, `0s`. */
export function durationText(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 0) return `-${durationText(-nanoseconds)}`;
  if (nanoseconds < 1000) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000) return `${decimal(nanoseconds / 1000)}µs`;
  if (nanoseconds < 1_000_000_000) return `${decimal(nanoseconds / 1_000_000)}ms`;
  let rest = nanoseconds;
  let text = '';
  for (const [name, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || text !== '') text += `${count}${name}`;
  }
  return `${text}${decimal(rest / 1_000_000_000)}s`;
}

function decimal(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, '');
}
