import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DIST } from './dist.ts';
import { elementsOf } from './elements.ts';

/** What a page costs before anything is clicked: bytes as they travel, by file. */
export interface PageWeight {
  readonly scripts: ReadonlyMap<string, number>;
  /** Everything, the scripts and the page itself among it. */
  readonly files: ReadonlyMap<string, number>;
}

/** Weighs a page of dist/ with all that it loads by itself: styles, fonts, scripts and what they import. */
export async function weigh(page: string): Promise<PageWeight> {
  const html = await readFile(join(DIST, page), 'utf8');
  const scripts = new Map<string, number>();
  const files = new Map<string, number>([[page, gzipSync(html, { level: 9 }).length]]);
  const add = async (path: string, into: Map<string, number>[]): Promise<string> => {
    const bytes = await readFile(join(DIST, path));
    // Fonts are compressed in themselves.
    const size = path.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length;
    for (const one of into) one.set(path, size);
    return path.endsWith('.woff2') ? '' : bytes.toString('utf8');
  };
  const addScript = async (path: string): Promise<void> => {
    if (scripts.has(path)) return;
    const text = await add(path, [scripts, files]);
    for (const imported of importsOf(text, path)) await addScript(imported);
  };
  for (const { name, attributes } of elementsOf(html)) {
    const source = attributes.get('src');
    if (name === 'script' && source !== undefined) await addScript(local(source));
    if (name === 'img' && source?.startsWith('/')) await add(local(source), [files]);
    const rel = attributes.get('rel');
    const href = attributes.get('href');
    if (name === 'link' && href !== undefined && rel === 'modulepreload')
      await addScript(local(href));
    if (name === 'link' && href !== undefined && rel === 'stylesheet') {
      const path = local(href);
      const css = await add(path, [files]);
      // Every font, though most pages need fewer: an upper bound.
      for (const font of fontsOf(css, path)) await add(font, [files]);
    }
  }
  return { scripts, files };
}

export function total(weights: ReadonlyMap<string, number>): number {
  return [...weights.values()].reduce((sum, size) => sum + size, 0);
}

function local(address: string): string {
  return address.replace(/^\//, '').replace(/[?#].*$/, '');
}

/** What a bundled module imports before it runs; `import()` is for later. */
export function importsOf(text: string, path: string): readonly string[] {
  return [...text.matchAll(/(?:^|[;}\n])\s*import\s*(?:[^"'()]*?from\s*)?["'](\.[^"']+)["']/g)].map(
    ([, specifier = '']) => posix.join(posix.dirname(path), specifier),
  );
}

function fontsOf(css: string, path: string): readonly string[] {
  return [...css.matchAll(/url\(["']?([^"')]+\.woff2)["']?\)/g)].map(([, url = '']) =>
    posix.join(posix.dirname(path), url),
  );
}
