const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `2B`, `2.10kB`, `20.97MB`: decimal, two places, as progress writes sizes. */
export function humanSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? String(value) : value.toFixed(2)}${UNITS[unit] ?? ''}`;
}
