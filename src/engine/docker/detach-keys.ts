import { EngineError } from '../errors.ts';

/** Ctrl-P Ctrl-Q. */
const USUAL: readonly number[] = [0x10, 0x11];

/** `ctrl-p,ctrl-q`, `a,b`: the bytes of keys. Errors: `detach-keys-invalid`. */
export function parseDetachKeys(text: string | undefined): readonly number[] {
  if (text === undefined || text === '') return USUAL;
  return text.split(',').map((key) => {
    const code = key.charCodeAt(0);
    if (key.length === 1 && code < 0x80) return code;
    const [, letter = ''] = /^ctrl-([a-z@[\\\]^_])$/.exec(key) ?? [];
    if (letter === '') {
      throw new EngineError('detach-keys-invalid', `Invalid escape keys (${text}) provided`);
    }
    return letter.toUpperCase().charCodeAt(0) & 0x1f;
  });
}

/** What is typed, without the keys that detach. */
export interface DetachScanner {
  /** What to pass on now: a beginning of the keys is kept back. `detached` when they are all there. */
  take(bytes: Uint8Array): { readonly pass: Uint8Array; readonly detached: boolean };
}

export function detachScanner(keys: readonly number[]): DetachScanner {
  let matched = 0;
  return {
    take(bytes) {
      const pass: number[] = [];
      for (const byte of bytes) {
        if (byte === keys[matched]) {
          matched += 1;
          if (matched === keys.length) return { pass: Uint8Array.from(pass), detached: true };
          continue;
        }
        pass.push(...keys.slice(0, matched));
        matched = byte === keys[0] ? 1 : 0;
        if (matched === 0) pass.push(byte);
      }
      return { pass: Uint8Array.from(pass), detached: false };
    },
  };
}
