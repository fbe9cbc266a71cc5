/**
 * `web`: opens in a new tab. `inside`: an address of the machine, which no browser reaches.
 * `refused`: anything but http and https, and what is no address at all.
 */
export type LinkKind = 'web' | 'inside' | 'refused';

/** What becomes of a link that a program printed. */
export function linkKind(uri: string): LinkKind {
  const url = URL.parse(uri);
  if (url === null || !/^https?:$/.test(url.protocol)) return 'refused';
  return isInside(url.hostname) ? 'inside' : 'web';
}

/** Loopback, private addresses, and names without a dot: containers, `localhost`. */
function isInside(host: string): boolean {
  if (/^\[/.test(host)) return /^\[(?:::1?|f[cd].*|fe80.*)\]$/.test(host);
  if (/^[\d.]+$/.test(host)) {
    return /^(?:0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host);
  }
  return !host.includes('.') || host.endsWith('.localhost') || host.endsWith('.internal');
}
