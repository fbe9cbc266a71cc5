import { cleanGoPath, compileGlob, splitWildcard, hasWildcard } from '../dockerfile/glob.ts';
import { patternMatcher, type PatternMatcher } from '../dockerfile/pattern-matcher.ts';
import { EngineError } from '../errors.ts';
import type { Entry } from '../layer/entry.ts';
import { baseName, isWithin } from '../layer/path.ts';
import type { FileTree, Node } from '../layer/tree.ts';
import { followIn } from './follow.ts';

/** One file or directory that COPY or ADD takes from its source. */
export interface Selected {
  /** What is copied, in the source tree, links followed: a file, or a directory for its contents. */
  readonly node: Node;
  /** The name it gets in a directory: that of the link, if it was one. */
  readonly name: string;
  /** Whether an entry below `node` comes along (`--exclude`, `--parents`). */
  wants(entry: Entry): boolean;
}

export interface SelectOptions {
  readonly exclude: readonly string[];
  readonly parents: boolean;
}

/**
 * What one source word means in a tree, in the order it is copied. A word without wildcards must
 * be there: EngineError `source-missing`, worded as Docker words it with `ref` for the source. A
 * wildcard may match nothing.
 */
export function selectSources(
  tree: FileTree,
  source: string,
  options: SelectOptions,
  ref: string,
): readonly Selected[] {
  if (options.parents) return [selectWithParents(tree, source, options, ref)];
  const excluded = excluder(options.exclude);
  return matches(tree, source, ref)
    .filter(({ node, name }) => node.entry.type === 'dir' || !excluded(name))
    .map(({ node, name }) => ({
      node,
      name,
      wants: (entry) => !excluded(below(node.entry.path, entry.path)),
    }));
}

interface Match {
  readonly node: Node;
  readonly name: string;
}

function matches(tree: FileTree, source: string, ref: string): readonly Match[] {
  const { base, pattern } = splitWildcard(`/${source}`);
  if (pattern === '') return [{ node: mustFind(tree, base, ref), name: baseName(base) }];
  const glob = compileGlob(pattern);
  const root = find(tree, base);
  if (root?.entry.type !== 'dir') return [];
  const depth = pattern.split('/').length;
  const found: Match[] = [];
  for (const { entry } of tree.walk(root.entry.path)) {
    const relative = below(root.entry.path, entry.path);
    if (relative.split('/').length !== depth || !glob(relative)) continue;
    found.push({ node: mustFind(tree, `/${entry.path}`, ref), name: baseName(entry.path) });
  }
  return found;
}

/** `--parents`: the root (or what is before `/./`) is copied, but only what the word matches in it. */
function selectWithParents(
  tree: FileTree,
  source: string,
  options: SelectOptions,
  ref: string,
): Selected {
  const [pivot, rest] = cutPivot(source);
  const pattern = cleanGoPath(`/${rest}`).slice(1);
  const node = mustFind(tree, cleanGoPath(`/${pivot}`), ref);
  const excluded = excluder(options.exclude);
  const included = patternMatcher(pattern === '' ? ['**'] : [pattern]);
  const root = node.entry.path;
  const wanted = new Set<string>();
  for (const { entry } of tree.walk(root)) {
    const relative = below(root, entry.path);
    if (!included.match(relative).matched || excluded(relative)) continue;
    // Directories on the way come along, whether they match or not.
    for (
      let at = entry.path;
      at !== root && !wanted.has(at);
      at = at.slice(0, at.lastIndexOf('/'))
    ) {
      wanted.add(at);
      if (!at.includes('/')) break;
    }
  }
  if (wanted.size === 0 && pattern !== '' && !hasWildcard(pattern))
    throw missing(`/${pattern}`, ref);
  return { node, name: baseName(root), wants: (entry) => wanted.has(entry.path) };
}

function cutPivot(source: string): readonly [string, string] {
  const at = source.indexOf('/./');
  return at < 0 ? ['', source] : [source.slice(0, at), source.slice(at + 3)];
}

function excluder(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const matcher: PatternMatcher = patternMatcher(patterns.map(cleanGoPath));
  return (path) => matcher.match(path).matched;
}

function find(tree: FileTree, path: string): Node | undefined {
  return tree.get(followIn((at) => tree.get(at)?.entry, path).path);
}

function mustFind(tree: FileTree, path: string, ref: string): Node {
  const found = followIn((at) => tree.get(at)?.entry, path);
  const node = tree.get(found.path);
  if (!node) throw missing(`/${found.path}`, ref);
  return node;
}

function missing(path: string, ref: string): EngineError {
  return new EngineError(
    'source-missing',
    `failed to compute cache key: failed to calculate checksum of ref ${ref}: "${path}": not found`,
    { hint: 'Look for a wrong name, a path outside of the context, or a line in .dockerignore.' },
  );
}

function below(root: string, path: string): string {
  if (!isWithin(path, root)) throw new Error(`${path} is not below ${root}`);
  return root === '' ? path : path.slice(root.length + 1);
}
