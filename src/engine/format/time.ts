/** Go's zero time, which Docker takes for no time. Seconds since 1970. */
export const ZERO_TIME = -62135596800;

/** Seconds since 1970 of an RFC 3339 time, rounded down; 0 when there is none or it is none, as in Docker. */
export function unixSeconds(time: string | undefined): number {
  const milliseconds = time === undefined ? NaN : Date.parse(time);
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000);
}

/**
 * What a reader's clock shows at a time, in seconds since 1970: minutes east of UTC, and the zone's
 * short name as Go prints it (`UTC`, `CET`, `-03` where there are only numbers).
 */
export type Zone = (seconds: number) => { readonly minutes: number; readonly name: string };

export const UTC: Zone = () => ({ minutes: 0, name: 'UTC' });

/** `2026-11-21T08:04:50Z`, `2026-11-21T05:04:50-03:00`. */
export function rfc3339(seconds: number, zone: Zone): string {
  const { minutes } = zone(seconds);
  return `${isoSeconds(seconds + minutes * 60)}${minutes === 0 ? 'Z' : offset(minutes, ':')}`;
}

/** Go's `time.Time.String()`: `2026-11-21 08:04:50 +0000 UTC`. */
export function goTime(seconds: number, zone: Zone): string {
  const { minutes, name } = zone(seconds);
  const clock = isoSeconds(seconds + minutes * 60).replace('T', ' ');
  return `${clock} ${offset(minutes, '')} ${name}`;
}

/** `-0300`, with a colon between hours and minutes where one is wanted. */
export function offset(minutes: number, colon: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`;
}

function isoSeconds(seconds: number): string {
  const iso = new Date(seconds * 1000).toISOString();
  // Years beyond 9999 have a sign and six digits in JavaScript only.
  return iso.slice(0, iso.indexOf('.')).replace(/^\+0*(?=\d{5})/, '');
}

/** Go's RFC3339Nano drops zeros at the end of the fraction. */
export function trimFraction(time: string): string {
  return time.replace(/(\.\d*?)0+(?=Z|[+-]\d\d:\d\d$)/, '$1').replace(/\.(?=Z|[+-])/, '');
}
