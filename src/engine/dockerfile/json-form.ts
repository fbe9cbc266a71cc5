import { trimLeft } from './go-text.ts';

/**
 * The JSON form of an instruction's arguments: its strings, `not-json` (then it is the shell form,
 * however much it looks like JSON), or `not-strings`, which Docker refuses.
 */
export function readJsonForm(text: string): readonly string[] | 'not-json' | 'not-strings' {
  const trimmed = trimLeft(text);
  if (!trimmed.startsWith('[')) return 'not-json';
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
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
