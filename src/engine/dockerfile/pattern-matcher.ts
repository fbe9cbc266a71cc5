import { EngineError } from '../errors.ts';
import { accepts, cleanGoPath, tokenizeGlob, type GlobToken } from './glob.ts';
import { characters, trimSpace } from './go-text.ts';

/**
 * Moby's pattern matcher, which `.dockerignore`, `COPY --exclude` and `COPY --parents` follow:
 * `**` crosses directories, `!` makes an exception, the last pattern that matches decides, and a
 * pattern that matches a directory matches everything below it.
 */
export interface PatternMatcher {
  /**
   * Whether `path` (relative, slashes, no `.` or `..`) matches. `parent` is the result for the
   * directory it is in; without one the directories above are looked at too.
   */
  match(path: string, parent?: MatchResult): MatchResult;
  /** Whether an exception could match something below the directory, so that it must be walked. */
  mayHoldException(directory: string): boolean;
}

export interface MatchResult {
  readonly matched: boolean;
  /** Which patterns matched; the matcher's own business. */
  readonly patterns: readonly boolean[];
}

/** Throws EngineError `bad-pattern` in the words of moby. */
export function patternMatcher(patterns: readonly string[]): PatternMatcher {
  const compiled = patterns
    .map(trimSpace)
    .filter((pattern) => pattern !== '')
    .map(compile);
  const match = (path: string, parent?: MatchResult): MatchResult => {
    let matched = false;
    const results = compiled.map((pattern, i) => {
      let hit = parent?.patterns[i] === true;
      if (!hit) {
        // It could change nothing; and moby forgets it for the files below, so must this.
        if (pattern.exception !== matched) return false;
        hit = pattern.test(path) || (!parent && parentsOf(path).some(pattern.test));
      }
      if (hit) matched = !pattern.exception;
      return hit;
    });
    return { matched, patterns: results };
  };
  return {
    match,
    mayHoldException: (directory) => mayHoldException(compiled, directory),
  };
}

interface Pattern {
  readonly exception: boolean;
  readonly cleaned: string;
  readonly test: (path: string) => boolean;
}

function compile(written: string): Pattern {
  let cleaned = cleanGoPath(written);
  const exception = cleaned.startsWith('!');
  if (exception) cleaned = cleaned.slice(1);
  if (cleaned === '') {
    throw new EngineError('bad-pattern', 'illegal exclusion pattern: "!"', {
      hint: 'Write the pattern right after the exclamation mark.',
    });
  }
  return { exception, cleaned, test: tester(cleaned) };
}

type Token =
  | GlobToken
  /** `.*` */
  | { readonly kind: 'deep' }
  /** `(.*\/)?`, always followed by `through`. */
  | { readonly kind: 'fork' }
  | { readonly kind: 'through' };

function tester(pattern: string): (path: string) => boolean {
  const tokens = deepTokens(pattern);
  const special = tokens.some(({ kind }) => kind !== 'literal');
  if (!special && !pattern.includes('\\')) return (path) => path === pattern;
  // `**foo` with nothing else special in it is a suffix, also in the middle of a name.
  const suffix = /^\*\*([^*?[\]\\]*)$/.exec(pattern)?.[1];
  if (suffix !== undefined) {
    return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
  }
  return (path) => run(tokens, characters(path));
}

function deepTokens(pattern: string): readonly Token[] {
  const flat = tokenizeGlob(pattern);
  const tokens: Token[] = [];
  for (let i = 0; i < flat.length; i++) {
    const token = flat[i];
    if (!token) break;
    if (token.kind !== 'star' || flat[i + 1]?.kind !== 'star') {
      tokens.push(token);
      continue;
    }
    i++;
    const next = flat[i + 1];
    if (next?.kind === 'literal' && next.character === '/') i++;
    if (i + 1 >= flat.length) tokens.push({ kind: 'deep' });
    else tokens.push({ kind: 'fork' }, { kind: 'through' });
  }
  return tokens;
}

function run(tokens: readonly Token[], path: readonly string[]): boolean {
  let states = follow(tokens, new Set([0]));
  for (const character of path) {
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token) step(token, state, character, next);
    }
    if (next.size === 0) return false;
    states = follow(tokens, next);
  }
  return states.has(tokens.length);
}

function step(token: Token, state: number, character: string, next: Set<number>): void {
  switch (token.kind) {
    case 'star':
      if (character !== '/') next.add(state);
      return;
    case 'deep':
      if (character !== '\n') next.add(state);
      return;
    case 'through':
      if (character !== '\n') next.add(state);
      if (character === '/') next.add(state + 1);
      return;
    case 'fork':
      return;
    default:
      if (accepts(token, character)) next.add(state + 1);
  }
}

function follow(tokens: readonly Token[], states: Set<number>): Set<number> {
  for (const state of states) {
    const kind = tokens[state]?.kind;
    if (kind === 'star' || kind === 'deep') states.add(state + 1);
    if (kind === 'fork') {
      states.add(state + 1);
      states.add(state + 2);
    }
  }
  return states;
}

/** `a/b/c` has `a` and `a/b`. */
function parentsOf(path: string): readonly string[] {
  const parents: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    parents.push(path.slice(0, at));
  }
  return parents;
}

function mayHoldException(patterns: readonly Pattern[], directory: string): boolean {
  return patterns
    .filter(({ exception }) => exception)
    .some(({ cleaned }) => {
      const fixed = cleaned.replace(/\/\*\*$/, '').replace(/\/\*$/, '');
      return /[*[\]?^\\]/.test(fixed) || `${fixed}/`.startsWith(`${directory}/`);
    });
}
