import type { Package } from './package.ts';

/**
 * Records of dpkg: `/var/lib/dpkg/status`, or one file of `status.d`. Packages that were removed and left
 * their settings behind have a record but no files: they do not count.
 */
export function parseDpkg(text: string): readonly Package[] {
  return stanzas(text).flatMap((stanza) => {
    const name = field(stanza, 'Package');
    const version = field(stanza, 'Version');
    const status = field(stanza, 'Status');
    if (name === undefined || version === undefined) return [];
    if (status !== undefined && !status.endsWith(' installed')) return [];
    return [
      {
        manager: 'dpkg' as const,
        name,
        version,
        architecture: field(stanza, 'Architecture') ?? '',
      },
    ];
  });
}

/** Records of apk: `/lib/apk/db/installed` or, in Wolfi, `/usr/lib/apk/db/installed`. One letter a field. */
export function parseApk(text: string): readonly Package[] {
  return stanzas(text).flatMap((stanza) => {
    const one = (letter: string): string | undefined =>
      stanza
        .find((line) => line.startsWith(`${letter}:`))
        ?.slice(2)
        .trim();
    const name = one('P');
    const version = one('V');
    if (!name || !version) return [];
    return [{ manager: 'apk' as const, name, version, architecture: one('A') ?? '' }];
  });
}

function stanzas(text: string): readonly (readonly string[])[] {
  const all: string[][] = [[]];
  for (const line of text.split('\n')) {
    if (line.trim() === '') all.push([]);
    else all.at(-1)?.push(line);
  }
  return all.filter((lines) => lines.length > 0);
}

/** Of a line that begins with the name in any case; the lines that go on with it begin with a space. */
function field(stanza: readonly string[], name: string): string | undefined {
  const start = `${name.toLowerCase()}:`;
  const line = stanza.find((one) => one.slice(0, start.length).toLowerCase() === start);
  const value = line?.slice(start.length).trim();
  return value === '' ? undefined : value;
}
