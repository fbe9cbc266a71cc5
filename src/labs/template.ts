import type { Nonce } from './nonce.ts';

/** `{{name}}` and `{{name.1}}`. What Docker's `--format` takes starts with a dot or has a space, and stays. */
const PLACEHOLDER = /\{\{([a-z][a-z0-9_]*(?:\.\d+)?)\}\}/g;

/** Names in a text, each once. */
export function placeholdersIn(text: string): readonly string[] {
  return [...new Set(Array.from(text.matchAll(PLACEHOLDER), ([, name = '']) => name))];
}

/** Every `{{name}}` replaced by its value. Throws for a name without one: labs are checked before. */
export function fillTemplate(text: string, nonce: Nonce): string {
  return text.replaceAll(PLACEHOLDER, (_, name: string) => {
    const value = nonce[name];
    if (value === undefined) throw new Error(`there is no value for {{${name}}}`);
    return value;
  });
}
