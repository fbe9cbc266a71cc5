import { quote } from '../format/go-quote.ts';

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const LARGEST = (1n << 63n) - 1n;

/** A Go duration (`1m30s`, `1.5h`, `0`) in nanoseconds, or Go's own message about what is wrong. */
export function parseDuration(
  text: string,
): { readonly nanoseconds: number } | { readonly problem: string } {
  const invalid = { problem: `time: invalid duration ${quote(text)}` };
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/su.exec(text) ?? [];
  if (rest === '0') return { nanoseconds: 0 };
  if (rest === '') return invalid;
  let total = 0n;
  let left = rest;
  while (left !== '') {
    const [number = '', whole = '', fraction = ''] = /^(\d*)(?:\.(\d*))?/.exec(left) ?? [];
    if (whole === '' && fraction === '') return invalid;
    left = left.slice(number.length);
    const [unit = ''] = /^[^.\d]*/u.exec(left) ?? [];
    if (unit === '') return { problem: `time: missing unit in duration ${quote(text)}` };
    const scale = UNITS.get(unit);
    if (scale === undefined) {
      return { problem: `time: unknown unit ${quote(unit)} in duration ${quote(text)}` };
    }
    left = left.slice(unit.length);
    // Nineteen digits hold every duration there is; more would only cost time.
    if (whole.replace(/^0+/, '').length > 19) return invalid;
    const digits = fraction.slice(0, 18);
    total += BigInt(whole === '' ? '0' : whole) * scale;
    if (digits !== '') total += (BigInt(digits) * scale) / 10n ** BigInt(digits.length);
    if (total > LARGEST) return invalid;
  }
  return { nanoseconds: Number(sign === '-' ? -total : total) };
}
