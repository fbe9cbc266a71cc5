import { cleanGoPath } from './glob.ts';
import { trimSpace } from './go-text.ts';
import { patternMatcher, type MatchResult } from './pattern-matcher.ts';

/** The rules of a `.dockerignore`. Paths are relative to the context, with slashes. */
export interface IgnoreRules {
  /**
   * Whether the file or directory itself is dropped. A dropped directory is still in the context
   * when something below it is kept: see `mustWalk`.
   */
  verdict(path: string): 'keep' | 'drop';
  /**
   * Whether the directory must be walked: it is kept, or an exception (`!`) may keep something
   * below it. When this is false everything below is dropped.
   */
  mustWalk(directory: string): boolean;
}

/** Throws EngineError `bad-pattern` for a pattern nobody can match. */
export function parseDockerignore(text: string): IgnoreRules {
  const matcher = patternMatcher(ignorePatterns(text));
  const known = new Map<string, MatchResult>();
  const resultOf = (path: string): MatchResult => {
    const before = known.get(path);
    if (before) return before;
    const slash = path.lastIndexOf('/');
    return matcher.match(path, slash < 0 ? undefined : directory(path.slice(0, slash)));
  };
  const directory = (path: string): MatchResult => {
    const result = resultOf(path);
    known.set(path, result);
    return result;
  };
  return {
    verdict: (path) => (resultOf(path).matched ? 'drop' : 'keep'),
    mustWalk: (path) => !directory(path).matched || matcher.mayHoldException(path),
  };
}

/** The patterns of the file: comments and blanks gone, cleaned, a leading slash means nothing. */
export function ignorePatterns(text: string): readonly string[] {
  const patterns: string[] = [];
  for (const [i, raw] of text.split('\n').entries()) {
    const line = i === 0 ? raw.replace(/^\ufeff/, '') : raw;
    // Only at the very start of a line: ` # x` is a pattern.
    if (line.startsWith('#')) continue;
    let pattern = trimSpace(line);
    if (pattern === '') continue;
    const exception = pattern.startsWith('!');
    if (exception) pattern = trimSpace(pattern.slice(1));
    if (pattern !== '') pattern = cleanGoPath(pattern);
    if (pattern.length > 1 && pattern.startsWith('/')) pattern = pattern.slice(1);
    patterns.push(exception ? `!${pattern}` : pattern);
  }
  return patterns;
}
