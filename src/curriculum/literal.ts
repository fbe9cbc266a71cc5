/** What a property of a component may be: `claim="…"`, `right`, `answer={1}`, `options={['a', 'b']}`. */
export type Literal = string | number | boolean | readonly string[];

const STRING = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*/s;

/** The value of `{…}`; undefined for what is no literal: lessons have words, not code. */
export function parseLiteral(text: string): Literal | undefined {
  const trimmed = text.trim();
  if (/^-?\d+(?:\.\d+)?$/.test(trimmed)) return Number(trimmed);
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  if (trimmed.startsWith('[') && trimmed.endsWith(']')) return parseList(trimmed.slice(1, -1));
  const found = takeString(trimmed);
  return found?.whole === trimmed ? found.value : undefined;
}

function parseList(text: string): readonly string[] | undefined {
  const values: string[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const found = takeString(rest);
    if (found === undefined) return undefined;
    values.push(found.value);
    rest = rest.slice(found.whole.length);
    if (!/^(?:,|$)/.test(rest)) return undefined;
    rest = rest.slice(1).trimStart();
  }
  return values;
}

function takeString(text: string): { readonly whole: string; readonly value: string } | undefined {
  const found = STRING.exec(text);
  if (found === null) return undefined;
  const inside = found[1] ?? found[2] ?? '';
  return { whole: found[0], value: inside.replace(/\\(.)/gs, '$1') };
}
