import { EngineError } from '../errors.ts';
import { characters } from './go-text.ts';
import { matchAt, matchStarts, parsePattern } from './shell-pattern.ts';

/** An error about a `${…}`; the lexer puts the whole word in front of it. */
export function bad(message: string, hint?: string): EngineError {
  return new EngineError('bad-substitution', message, hint === undefined ? {} : { hint });
}

function invalidPattern(pattern: string, error: unknown): unknown {
  if (!(error instanceof EngineError) || error.code !== 'bad-substitution') return error;
  return bad(
    `invalid pattern (${pattern}) in substitution: ${error.message}`,
    'In a pattern \\ escapes *, ? and itself only.',
  );
}

/** `${x#word}`, `${x##word}`: a doubled operator, the first of `word` then, asks for the longest match. */
export function trimPrefix(word: string, value: string): string {
  const longest = word.startsWith('#');
  const pattern = longest ? word.slice(1) : word;
  return trimmed(pattern, characters(value), longest).join('');
}

/**
 * `${x%word}`, `${x%%word}`. BuildKit looks for a suffix by turning pattern and value around; done
 * here too, so that a pattern it refuses is refused in the same words.
 */
export function trimSuffix(word: string, value: string): string {
  const longest = word.startsWith('%');
  const pattern = turnPattern(longest ? word.slice(1) : word);
  return trimmed(pattern, characters(value).toReversed(), longest).toReversed().join('');
}

function trimmed(pattern: string, value: readonly string[], longest: boolean): readonly string[] {
  try {
    const end = matchAt(parsePattern(pattern), value, 0, longest);
    return end === undefined ? value : value.slice(end);
  } catch (error) {
    throw invalidPattern(pattern, error);
  }
}

function turnPattern(pattern: string): string {
  const all = characters(pattern);
  const turned: string[] = [];
  for (let i = 0; i < all.length; i++) {
    const character = all[i] ?? '';
    const escaped = character === '\\' ? all[i + 1] : undefined;
    turned.push(escaped === undefined ? character : character + escaped);
    if (escaped !== undefined) i++;
  }
  return turned.reverse().join('');
}

/** `${x/pattern/replacement}`, or `//` for every match; the longest match at the leftmost place. */
export function replace(pattern: string, replacement: string, value: string, all: boolean): string {
  const text = characters(value);
  try {
    const tokens = parsePattern(pattern);
    const starts = matchStarts(tokens, text);
    let result = '';
    let at = 0;
    let last = -1;
    while (at <= text.length) {
      const end = starts[at] === 1 ? matchAt(tokens, text, at, true) : undefined;
      if (end !== undefined && !all) {
        return result + replacement + text.slice(end).join('');
      }
      // An empty match right behind another one is not a match.
      if (end !== undefined && end > last) {
        result += filled(replacement, text.slice(at, end).join(''));
        last = end;
      }
      if (end !== undefined && end > at) {
        at = end;
      } else {
        result += text[at] ?? '';
        at++;
      }
    }
    return result;
  } catch (error) {
    throw invalidPattern(pattern, error);
  }
}

/** `${x//p/r}` goes through Go's `ReplaceAllString`, where `$0` is the match and `$$` a dollar. */
function filled(replacement: string, match: string): string {
  return replacement.replace(
    /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
    (whole: string, braced: string | undefined, bare: string | undefined) => {
      if (whole === '$$') return '$';
      return /^0+$/.test(braced ?? bare ?? '') ? match : '';
    },
  );
}
