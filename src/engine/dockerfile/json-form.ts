import { trimLeft } from './go-text.ts';

/**
 * The JSON form of an instruction's arguments: its strings, `not-json` (then it is the shell form,
 * however much it looks like JSON), or `not-strings`, which Docker refuses. What follows the closing
 * bracket is ignored, as BuildKit 0.13 does: `CMD ["a"] # run it` is the exec form.
 */
export function readJsonForm(text: string): readonly string[] | 'not-json' | 'not-strings' {
  const trimmed = trimLeft(text);
  const end = arrayEnd(trimmed);
  if (end === undefined) return 'not-json';
  let value: unknown;
  try {
    value = JSON.parse(trimmed.slice(0, end));
  } catch {
    return 'not-json';
  }
  if (!Array.isArray(value)) return 'not-json';
  const strings: string[] = [];
  for (const item of value as readonly unknown[]) {
    if (typeof item !== 'string') return 'not-strings';
    strings.push(item);
  }
  return strings;
}

/** Behind the bracket that closes the one at the start. */
function arrayEnd(text: string): number | undefined {
  if (!text.startsWith('[')) return undefined;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
      continue;
    }
    if (character === '"') inString = true;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth === 0) return at + 1;
  }
  return undefined;
}
