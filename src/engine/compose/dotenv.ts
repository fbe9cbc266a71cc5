/** The pairs of a file like `.env`: `NAME=value`, quotes around the value, `#` begins a comment. */
export function parseDotenv(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const [, name, raw = ''] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) pairs.set(name, valueOf(raw));
  }
  return pairs;
}

function valueOf(raw: string): string {
  const [, single] = /^'([^']*)'/.exec(raw) ?? [];
  if (single !== undefined) return single;
  const [, double] = /^"((?:[^"\\]|\\.)*)"/.exec(raw) ?? [];
  if (double !== undefined) {
    return double.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
  }
  return raw.replace(/\s+#.*$/, '').trim();
}
