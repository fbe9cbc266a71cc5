import { EngineError } from '../errors.ts';
import { characters } from './go-text.ts';

/**
 * The patterns of `${x#p}`, `${x%p}` and `${x/p/r}`: `*`, `?` and `\` before one of those. Matched
 * by a table and never by a backtracking regular expression: a Dockerfile is untrusted.
 */
type Token = { readonly star: true } | { readonly star: false; readonly literal?: string };

/** Throws `bad-substitution` for an escape BuildKit does not know, in its words. */
export function parsePattern(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  const all = characters(pattern);
  for (let i = 0; i < all.length; i++) {
    const character = all[i] ?? '';
    if (character === '*') tokens.push({ star: true });
    else if (character === '?') tokens.push({ star: false });
    else if (character !== '\\') tokens.push({ star: false, literal: character });
    else {
      const next = all[i + 1];
      // An escaped brace or slash was escaped from the substitution, not from the pattern.
      if (next === '}' || next === '/') continue;
      i++;
      if (next !== '*' && next !== '?' && next !== '\\') {
        // Go prints the end of the text (-1) as the replacement character.
        throw new EngineError('bad-substitution', `invalid escape '\\${next ?? '\ufffd'}'`);
      }
      tokens.push({ star: false, literal: next });
    }
  }
  return tokens;
}

/** The end of the shortest or longest match that starts at `start`, or undefined. */
export function matchAt(
  tokens: readonly Token[],
  text: readonly string[],
  start: number,
  longest: boolean,
): number | undefined {
  let states = closure(tokens, new Set([0]));
  let found: number | undefined;
  for (let at = start; ; at++) {
    if (states.has(tokens.length)) {
      found = at;
      if (!longest) return found;
    }
    const character = text[at];
    if (character === undefined || states.size === 0) return found;
    states = closure(tokens, step(tokens, states, character));
  }
}

/** For every position, whether a match can start there: one pass from the right. */
export function matchStarts(tokens: readonly Token[], text: readonly string[]): readonly boolean[] {
  const starts: boolean[] = [];
  // after[j]: tokens from j on can match starting one character to the right.
  let after: boolean[] = [];
  for (let at = text.length; at >= 0; at--) {
    const here: boolean[] = [];
    here[tokens.length] = true;
    for (let j = tokens.length - 1; j >= 0; j--) {
      const token = tokens[j];
      const character = text[at];
      if (token?.star) {
        here[j] = here[j + 1] === true || (isAny(character) && after[j] === true);
      } else {
        here[j] = accepts(token, character) && after[j + 1] === true;
      }
    }
    starts[at] = here[0] === true;
    after = here;
  }
  return starts;
}

function closure(tokens: readonly Token[], states: Set<number>): Set<number> {
  // A set is visited in insertion order, so what is added is visited too.
  for (const state of states) if (tokens[state]?.star) states.add(state + 1);
  return states;
}

function step(tokens: readonly Token[], states: ReadonlySet<number>, character: string) {
  const next = new Set<number>();
  for (const state of states) {
    const token = tokens[state];
    if (token?.star && isAny(character)) next.add(state);
    else if (token && !token.star && accepts(token, character)) next.add(state + 1);
  }
  return next;
}

function accepts(token: Token | undefined, character: string | undefined): boolean {
  if (!token || token.star || character === undefined) return false;
  return token.literal === undefined ? isAny(character) : token.literal === character;
}

/** BuildKit makes a regular expression of the pattern, whose `.` is anything but a line feed. */
function isAny(character: string | undefined): boolean {
  return character !== undefined && character !== '\n';
}
