import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import ts from 'typescript';

/**
 * What every source file imports: statically, dynamically, as a type, and by `export … from`.
 * Files are named from the repository's root (`src/engine/engine.ts`), packages by their name,
 * Node's own modules as `node:…`, and what is neither (`astro:content`) as written.
 */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Reads all sources below `root`/src. An import that names no file of it keeps the name it would have. */
export function readImportGraph(root: string): ImportGraph {
  const graph = new Map<string, readonly string[]>();
  for (const name of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    const file = `src/${name.replaceAll('\\', '/')}`;
    if (!/\.(ts|tsx|mjs|js|astro)$/.test(file) || file.includes('/testdata/')) continue;
    graph.set(file, importsOf(file, readFileSync(join(root, file), 'utf8')));
  }
  return graph;
}

/** The imports of one file, each once, in their order. */
export function importsOf(file: string, text: string): readonly string[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return [...new Set(importedFiles.map(({ fileName }) => target(file, fileName)))];
}

function target(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  if (specifier.startsWith('node:')) return specifier;
  if (isBuiltin(specifier)) return `node:${specifier}`;
  if (specifier.includes(':')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The shortest way to `file` from a file that nothing imports: how it came to be part of the program. */
export function pathTo(graph: ImportGraph, file: string): readonly string[] {
  const imported = new Set([...graph.values()].flat());
  const entries = [...graph.keys()].filter((name) => !imported.has(name));
  const queue: (readonly string[])[] = entries.map((entry) => [entry]);
  const seen = new Set(entries);
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const last = path.at(-1) ?? '';
    if (last === file) return path;
    for (const next of graph.get(last) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push([...path, next]);
    }
  }
  // Only a circle of files that nothing else imports has no entry.
  return [file];
}
