import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DIST } from './dist.ts';
import { importsOf, weigh } from './weigh.ts';

/** Scripts by file, in bytes as they travel. */
type Scripts = ReadonlyMap<string, number>;

/** What the workbench of a lab's page loads besides what the page has loaded before. */
export interface WorkbenchCode {
  /** Until there is a prompt. */
  readonly start: Scripts;
  /** Everything else that this lab can lead to. */
  readonly later: Scripts;
}

/** `page` is `labs/<slug>/index.html`. Throws when dist/ has not the form that the bundler gives it. */
export async function workbenchCode(page: string): Promise<WorkbenchCode> {
  const slug = posix.basename(posix.dirname(page));
  const { scripts } = await weigh(page);
  const texts = new Map<string, string>();
  const textOf = async (file: string): Promise<string> => {
    const text = texts.get(file) ?? (await readFile(join(DIST, file), 'utf8'));
    texts.set(file, text);
    return text;
  };
  /** With all that they import at once. */
  const closure = async (
    from: readonly string[],
    next: (file: string, text: string) => readonly string[],
  ): Promise<Set<string>> => {
    const found = new Set<string>();
    const waiting = from.filter((file) => !scripts.has(file));
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (found.has(file)) continue;
      found.add(file);
      const more = next(file, await textOf(file));
      waiting.push(...more.filter((one) => !scripts.has(one)));
    }
    return found;
  };
  const atOnce = (file: string, text: string): readonly string[] => importsOf(text, file);

  const opener = [];
  for (const file of scripts.keys()) opener.push(...dynamicImports(await textOf(file), file));
  const panels = one(opener, /\/ui\.[^/]+$/);
  const drawn = await closure([panels], atOnce);
  const workers: string[] = [];
  for (const file of drawn) workers.push(...workersOf(await textOf(file)));
  const worker = one(workers, /\/main-[^/]+$/);
  const lab = labChunk(await textOf(worker), worker, slug);
  const start = await closure([panels, worker, lab], atOnce);

  const all = await closure([...start], (file, text) => [
    ...atOnce(file, text),
    ...dynamicImports(withoutOtherLabs(text, slug), file),
  ]);
  const weights = (files: Iterable<string>): Scripts =>
    new Map(
      Array.from(files, (file) => [file, gzipSync(texts.get(file) ?? '', { level: 9 }).length]),
    );
  return { start: weights(start), later: weights([...all].filter((file) => !start.has(file))) };
}

const LAB_IMPORT = /["'`][^"'`]*\/labs\/([^/"'`]+)\/(lab\.yaml|verify\.ts)["'`]\s*:\s*\(\)\s*=>\s*import\(["'`](\.[^"'`]+)["'`]\)/g; // prettier-ignore

function dynamicImports(text: string, file: string): readonly string[] {
  return [...text.matchAll(/\bimport\(\s*["'`](\.[^"'`]+\.js)["'`]\s*\)/g)].map(
    ([, specifier = '']) => posix.join(posix.dirname(file), specifier),
  );
}

/** Workers are named from the root. */
function workersOf(text: string): readonly string[] {
  return [...text.matchAll(/["'`][^"'`]*\/(_astro\/[\w.-]+\.js)["'`]/g)].map(
    ([, file = '']) => file,
  );
}

function labChunk(text: string, file: string, slug: string): string {
  for (const [, name, kind, specifier = ''] of text.matchAll(LAB_IMPORT)) {
    if (name === slug && kind === 'lab.yaml') return posix.join(posix.dirname(file), specifier);
  }
  throw new Error(`${file} does not import the lab ${slug}`);
}

function withoutOtherLabs(text: string, slug: string): string {
  return text.replaceAll(LAB_IMPORT, (whole, name: string) => (name === slug ? whole : ''));
}

function one(files: readonly string[], name: RegExp): string {
  const found = [...new Set(files)].filter((file) => name.test(file));
  const [file] = found;
  if (file === undefined || found.length > 1) throw new Error(`not one file ${name.source}`);
  return file;
}
