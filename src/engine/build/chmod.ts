import { EngineError } from '../errors.ts';

/** A change of permission bits. `isDir` decides what `X` means. */
export type Chmod = (mode: number, isDir: boolean) => number;

const BITS: ReadonlyMap<string, number> = new Map([
  ['r', 0o444],
  ['w', 0o222],
  ['x', 0o111],
]);
const WHO: ReadonlyMap<string, number> = new Map([
  ['u', 0o4700],
  ['g', 0o2070],
  ['o', 0o1007],
  ['a', 0o7777],
]);

/**
 * What `--chmod` does: octal (`755`) sets, symbolic (`u+x,go-w`, `a=rX`) changes. Docker 26 ignores
 * symbolic ones in silence; later frontends know them. Throws EngineError `chmod-invalid`.
 */
export function parseChmod(text: string): Chmod {
  if (/^[0-7]+$/.test(text) && parseInt(text, 8) <= 0o7777) {
    const mode = parseInt(text, 8);
    return () => mode;
  }
  const changes = text.split(',').map(parseChange);
  if (changes.every((change) => change !== undefined)) {
    return (mode, isDir) => changes.reduce((now, change) => change(now, isDir), mode);
  }
  throw new EngineError(
    'chmod-invalid',
    `invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`,
    { hint: 'Write --chmod=755, or symbolic as in --chmod=u+x,go-w.' },
  );
}

function parseChange(text: string): Chmod | undefined {
  const [, who = '', operations = ''] = /^([ugoa]*)((?:[-+=][rwxXst]*)+)$/.exec(text) ?? [];
  if (operations === '') return undefined;
  const mask = Array.from(who === '' ? 'a' : who).reduce(
    (sum, one) => sum | (WHO.get(one) ?? 0),
    0,
  );
  const parts = operations.match(/[-+=][rwxXst]*/g) ?? [];
  return (mode, isDir) => parts.reduce((now, part) => apply(now, part, mask, isDir), mode);
}

function apply(mode: number, part: string, mask: number, isDir: boolean): number {
  let bits = 0;
  for (const letter of part.slice(1)) {
    if (letter === 'X') bits |= isDir || (mode & 0o111) !== 0 ? 0o111 : 0;
    else if (letter === 's') bits |= 0o6000;
    else if (letter === 't') bits |= 0o1000;
    else bits |= BITS.get(letter) ?? 0;
  }
  bits &= mask;
  if (part.startsWith('+')) return mode | bits;
  if (part.startsWith('-')) return mode & ~bits;
  return (mode & ~(mask & 0o777)) | bits;
}
