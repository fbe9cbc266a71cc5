import { EngineError } from '../errors.ts';
import { characters } from './go-text.ts';

/**
 * Go's `filepath.Match` on slash paths, which COPY and ADD sources follow: `*` and `?` stop at a
 * slash, `[a-z]` and `[^a]` are classes, `\` escapes. No `**` here (`pattern-matcher.ts` has it).
 */

interface CharacterClass {
  readonly negated: boolean;
  readonly ranges: readonly (readonly [low: string, high: string])[];
}

export type GlobToken =
  | { readonly kind: 'star' }
  | { readonly kind: 'any' }
  | { readonly kind: 'literal'; readonly character: string }
  | { readonly kind: 'class'; readonly class: CharacterClass };

/** Throws EngineError `bad-pattern` for an unclosed or empty class or a trailing backslash. */
export function compileGlob(pattern: string): (name: string) => boolean {
  const tokens = tokenizeGlob(pattern);
  return (name) => matchTokens(tokens, characters(name));
}

/** Whether the word is a pattern at all; an escaped `*` does not make it one. */
export function hasWildcard(text: string): boolean {
  return /[*?[]/.test(text.replace(/\\[^]?/g, ''));
}

/**
 * Cuts a COPY source where its first wildcard is: everything before is a plain path (its symlinks
 * are followed), the rest a pattern for paths below it. Without wildcard `pattern` is `''`.
 */
export function splitWildcard(source: string): {
  readonly base: string;
  readonly pattern: string;
} {
  const cleaned = cleanGoPath(source);
  const parts = cleaned.split('/');
  const first = parts.findIndex(hasWildcard);
  if (first < 0) return { base: cleaned, pattern: '' };
  const base = parts.slice(0, first).join('/');
  const root = cleaned.startsWith('/') ? '/' : '.';
  return { base: base === '' ? root : base, pattern: parts.slice(first).join('/') };
}

/** `filepath.Clean`: no `.`, no doubled or trailing slash, `..` taken away where possible. */
export function cleanGoPath(path: string): string {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!rooted) kept.push(part);
  }
  const cleaned = kept.join('/');
  if (rooted) return `/${cleaned}`;
  return cleaned === '' ? '.' : cleaned;
}

/** One token per thing to match; shared with the patterns of `.dockerignore`. */
export function tokenizeGlob(pattern: string): readonly GlobToken[] {
  const text = characters(pattern);
  const tokens: GlobToken[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    at++;
    if (character === '*') tokens.push({ kind: 'star' });
    else if (character === '?') tokens.push({ kind: 'any' });
    else if (character === '[') {
      const read = readClass(text, at);
      tokens.push({ kind: 'class', class: read.class });
      at = read.end;
    } else if (character === '\\') {
      tokens.push({ kind: 'literal', character: text[at] ?? badPattern() });
      at++;
    } else tokens.push({ kind: 'literal', character });
  }
  return tokens;
}

function readClass(text: readonly string[], start: number): { class: CharacterClass; end: number } {
  let at = start;
  const negated = text[at] === '^';
  if (negated) at++;
  const ranges: (readonly [string, string])[] = [];
  while (text[at] !== ']' || ranges.length === 0) {
    const low = readEnd(text, at);
    at = low.next;
    let high = low;
    if (text[at] === '-') {
      high = readEnd(text, at + 1);
      at = high.next;
    }
    ranges.push([low.character, high.character]);
  }
  return { class: { negated, ranges }, end: at + 1 };
}

function readEnd(text: readonly string[], at: number): { character: string; next: number } {
  const character = text[at];
  if (character === undefined || character === '-' || character === ']') return badPattern();
  const escaped = character === '\\';
  const taken = escaped ? text[at + 1] : character;
  const next = at + (escaped ? 2 : 1);
  // A class that is not closed is wrong, whatever it was compared with.
  if (taken === undefined || next >= text.length) return badPattern();
  return { character: taken, next };
}

function badPattern(): never {
  throw new EngineError('bad-pattern', 'syntax error in pattern', {
    hint: 'Close every [ with a ], and put a backslash before a character that is meant literally.',
  });
}

function inClass({ negated, ranges }: CharacterClass, character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  const inside = ranges.some(
    ([low, high]) => (low.codePointAt(0) ?? 0) <= code && code <= (high.codePointAt(0) ?? 0),
  );
  return inside !== negated;
}

/** Whether one character (never a star) fits the token. */
export function accepts(token: GlobToken, character: string): boolean {
  switch (token.kind) {
    case 'any':
      return character !== '/';
    case 'literal':
      return character === token.character;
    case 'class':
      return inClass(token.class, character);
    case 'star':
      return false;
  }
}

/** All the places the pattern can be at, character by character: never more work than n × m. */
function matchTokens(tokens: readonly GlobToken[], name: readonly string[]): boolean {
  let states = follow(tokens, new Set([0]));
  for (const character of name) {
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (!token) continue;
      if (token.kind === 'star') {
        if (character !== '/') next.add(state);
      } else if (accepts(token, character)) next.add(state + 1);
    }
    if (next.size === 0) return false;
    states = follow(tokens, next);
  }
  return states.has(tokens.length);
}

/** A star may also match nothing. Sets are walked in the order of insertion, additions included. */
function follow(tokens: readonly GlobToken[], states: Set<number>): Set<number> {
  for (const state of states) if (tokens[state]?.kind === 'star') states.add(state + 1);
  return states;
}
