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
    if (character === '*') {
      // Two in a row mean what one means.
      if (!tokens.at(-1)?.star) tokens.push({ star: true });
    } else if (character === '?') tokens.push({ star: false });
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

/** Most steps of one match; a person's pattern needs a few hundred. */
const MOST_STEPS = 50_000_000;

/** The end of the shortest or longest match that starts at `start`, or undefined. */
export function matchAt(
  tokens: readonly Token[],
  text: readonly string[],
  start: number,
  longest: boolean,
): number | undefined {
  refuseExpensive(tokens, text);
  const last = tokens.length;
  // states[j]: the tokens before j have matched what was read.
  let states = new Uint8Array(last + 1);
  let next = new Uint8Array(last + 1);
  states[0] = 1;
  let found: number | undefined;
  for (let at = start; ; at++) {
    for (let j = 0; j < last; j++) if (states[j] === 1 && tokens[j]?.star) states[j + 1] = 1;
    if (states[last] === 1) {
      found = at;
      if (!longest) return found;
    }
    const character = text[at];
    if (character === undefined) return found;
    let alive = false;
    next.fill(0);
    for (let j = 0; j < last; j++) {
      const token = tokens[j];
      if (states[j] !== 1 || !token) continue;
      const stays = token.star && isAny(character);
      if (!stays && !accepts(token, character)) continue;
      next[stays ? j : j + 1] = 1;
      alive = true;
    }
    if (!alive) return found;
    [states, next] = [next, states];
  }
}

/** For every position, whether a match can start there: one pass from the right. */
export function matchStarts(tokens: readonly Token[], text: readonly string[]): Uint8Array {
  refuseExpensive(tokens, text);
  const last = tokens.length;
  const starts = new Uint8Array(text.length + 1);
  // after[j]: the tokens from j on can match one character to the right.
  let after = new Uint8Array(last + 1);
  let here = new Uint8Array(last + 1);
  for (let at = text.length; at >= 0; at--) {
    const character = text[at];
    here.fill(0);
    here[last] = 1;
    for (let j = last - 1; j >= 0; j--) {
      const token = tokens[j];
      const matches = token?.star
        ? here[j + 1] === 1 || (isAny(character) && after[j] === 1)
        : accepts(token, character) && after[j + 1] === 1;
      if (matches) here[j] = 1;
    }
    starts[at] = here[0] ?? 0;
    [after, here] = [here, after];
  }
  return starts;
}

function refuseExpensive(tokens: readonly Token[], text: readonly string[]): void {
  if (tokens.length * text.length <= MOST_STEPS) return;
  throw new EngineError('pattern-too-long', 'the pattern is too long for a value of this length', {
    hint: 'Do this substitution in a RUN.',
  });
}

function accepts(token: Token | undefined, character: string | undefined): boolean {
  if (!token || token.star || character === undefined) return false;
  return token.literal === undefined ? isAny(character) : token.literal === character;
}

/** BuildKit makes a regular expression of the pattern, whose `.` is anything but a line feed. */
function isAny(character: string | undefined): boolean {
  return character !== undefined && character !== '\n';
}
