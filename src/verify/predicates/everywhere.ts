import { utf8 } from '../../engine/bytes.ts';
import { patternMatcher, type MatchResult } from '../../engine/dockerfile/pattern-matcher.ts';
import type { Content } from '../../engine/layer/entry.ts';
import { parentPath } from '../../engine/layer/path.ts';
import type { Image } from '../engine.ts';
import { occurrencesOf } from '../occurrences.ts';

/** A file that was looked for, in the layer that has it. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly layer: number;
  /** False: a layer above removes or replaces it. */
  readonly visible: boolean;
  /** Layer that hides it. */
  readonly hiddenBy?: number;
  readonly by: 'name' | 'content';
}

export interface Sought {
  readonly globs?: readonly string[];
  readonly contents?: string | Uint8Array;
  readonly except?: readonly string[];
  /** Layers below are not looked at. */
  readonly fromLayer?: number;
}

/**
 * All files, directories and links of all layers that a glob matches, and all files with the contents;
 * by layer, then by path. `contents` reads every byte of the layers it looks at, once: give `fromLayer`.
 * Throws EngineError `bad-pattern`, and refuses empty `contents`, which everything has.
 */
export async function findEverywhere(image: Image, sought: Sought): Promise<readonly FoundFile[]> {
  const { globs = [], contents, except = [], fromLayer = 0 } = sought;
  if (contents?.length === 0) throw new Error('nothing to look for');
  const named = matcher(globs);
  const allowed = matcher(except);
  const holds = contents === undefined ? undefined : holder(contents);
  const found: FoundFile[] = [];
  for (const [path, occurrences] of await occurrencesOf(image)) {
    for (const { entry, layer, hiddenBy } of occurrences) {
      if (layer < fromLayer || path === '' || allowed(path)) continue;
      const by = named(path)
        ? 'name'
        : entry.content && (await holds?.(entry.content)) === true
          ? 'content'
          : undefined;
      if (by === undefined) continue;
      const visible = hiddenBy === undefined;
      found.push({ path: `/${path}`, layer, visible, by, ...(!visible && { hiddenBy }) });
    }
  }
  return found.sort(
    (a, b) => a.layer - b.layer || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
  );
}

/** With the results of directories kept, since most paths share theirs. */
function matcher(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const patterns = patternMatcher(globs);
  const results = new Map<string, MatchResult>();
  const resultOf = (path: string): MatchResult => {
    const known = results.get(path);
    if (known) return known;
    const parent = parentPath(path);
    const result = patterns.match(path, parent === '' ? undefined : resultOf(parent));
    results.set(path, result);
    return result;
  };
  return (path) => resultOf(path).matched;
}

const PIECE = 1024 * 1024;

function holder(contents: string | Uint8Array): (content: Content) => Promise<boolean> {
  const decoder = new TextDecoder('latin1');
  const needle = decoder.decode(typeof contents === 'string' ? utf8(contents) : contents);
  return async (content) => {
    if (content.size < needle.length) return false;
    let text = '';
    for await (const chunk of content.stream()) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        // The end of the last piece once more: the needle may lie across two.
        const end = needle.length > 1 ? text.slice(1 - needle.length) : '';
        text = end + decoder.decode(chunk.subarray(at, at + PIECE));
        if (text.includes(needle)) return true;
      }
    }
    return false;
  };
}
