import type { SourceRange } from './diagnostic.ts';
import { isAsciiSpace } from './go-text.ts';
import { parseError, type ParseError } from './parse-error.ts';
import { didYouMean } from './suggest.ts';
import type { Word } from './words.ts';

/** The flags in front of an instruction's arguments, quotes and backslashes already removed. */
export function takeFlags(text: string, offset: number): { flags: readonly Word[]; rest: number } {
  const flags: Word[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isAsciiSpace(text.charAt(at))) at++;
    if (!text.startsWith('--', at)) return { flags, rest: at };
    const start = at;
    let word = '';
    let quoted = '';
    for (; at < text.length; at++) {
      const character = text.charAt(at);
      if (quoted === '' && isAsciiSpace(character)) break;
      if (quoted === '' ? character === "'" || character === '"' : character === quoted) {
        quoted = quoted === '' ? character : '';
        continue;
      }
      // Always a backslash: the escape directive does not reach the flags.
      if (character === '\\') {
        if (at + 1 === text.length) continue;
        at++;
      }
      word += text.charAt(at);
    }
    if (word === '--') return { flags, rest: at };
    flags.push({ text: word, start: offset + start, end: offset + at });
  }
}

export type FlagKind = 'bool' | 'string' | 'strings';

export interface FlagValue {
  readonly value: string;
  readonly word: Word;
}

/** Values by name, in the order written; a boolean's is `true` or `false`. */
export type Flags = ReadonlyMap<string, readonly FlagValue[]>;

/** Checks flags against what the instruction knows, in BuildKit's words. */
export function readFlags(
  words: readonly Word[],
  known: Readonly<Record<string, FlagKind>>,
  at: (word: Word) => SourceRange,
): Flags | ParseError {
  const flags = new Map<string, FlagValue[]>();
  for (const word of words) {
    const equals = word.text.indexOf('=');
    const name = word.text.slice(2, equals < 0 ? undefined : equals);
    const value = equals < 0 ? undefined : word.text.slice(equals + 1);
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    const fail = (code: string, message: string, hint: string) =>
      parseError(code, message, hint, at(word));
    if (kind === undefined) {
      const names = Object.keys(known);
      return fail(
        'unknown-flag',
        `unknown flag: ${name}${didYouMean(name, names, { exactCase: true })}`,
        names.length === 0
          ? 'This instruction has no flags.'
          : `It knows ${names.map((flag) => `--${flag}`).join(', ')}.`,
      );
    }
    const before = flags.get(name);
    if (before && kind !== 'strings') {
      return fail('duplicate-flag', `duplicate flag specified: ${name}`, 'Keep one of them.');
    }
    if (kind === 'bool' ? value === '' : value === undefined) {
      return fail('flag-value', `missing a value on flag: ${name}`, `Write --${name}=….`);
    }
    const text = kind === 'bool' ? (value ?? 'true').toLowerCase() : (value ?? '');
    if (kind === 'bool' && text !== 'true' && text !== 'false') {
      return fail(
        'flag-value',
        `expecting boolean value for flag ${name}, not: ${value ?? ''}`,
        `Write --${name} or --${name}=false.`,
      );
    }
    if (before) before.push({ value: text, word });
    else flags.set(name, [{ value: text, word }]);
  }
  return flags;
}

/** The one value of a flag that may be given once. */
export function flag(flags: Flags, name: string): string | undefined {
  return flags.get(name)?.[0]?.value;
}

export function isOn(flags: Flags, name: string): boolean {
  return flag(flags, name) === 'true';
}
