/** Go's zero time, which Docker takes for no time. Seconds since 1970. */
export const ZERO_TIME = -62135596800;

/** Seconds since 1970 of an RFC 3339 time, rounded down; 0 when there is none or it is none, as in Docker. */
export function unixSeconds(time: string | undefined): number {
  const milliseconds = time === undefined ? NaN : Date.parse(time);
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000);
}

/** `2026-11-21T08:04:50Z`. Always UTC: the engine does not know where its reader is. */
export function rfc3339(seconds: number): string {
  return `${isoSeconds(seconds)}Z`;
}

/** Go's `time.Time.String()`: `2026-11-21 08:04:50 +0000 UTC`. */
export function goTime(seconds: number): string {
  return `${isoSeconds(seconds).replace('T', ' ')} +0000 UTC`;
}

function isoSeconds(seconds: number): string {
  const iso = new Date(seconds * 1000).toISOString();
  // Years beyond 9999 have a sign and six digits in JavaScript only.
  return iso.slice(0, iso.indexOf('.')).replace(/^\+0*(?=\d{5})/, '');
}
