const UNITS: Readonly<Record<string, number>> = {
  ...{ b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4, p: 1024 ** 5 },
};

/** `512m`, `1.5g`, `64MiB`, as Docker's flags have sizes: bytes in powers of 1024, undefined when it is none. */
export function parseBytes(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?(?:([kmgtp])i?b?|b)?$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  return Math.floor(Number(number) * (UNITS[unit === '' ? 'b' : unit.toLowerCase()] ?? 1));
}
