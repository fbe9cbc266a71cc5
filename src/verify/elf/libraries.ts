import type { Entry } from '../../engine/layer/entry.ts';
import { baseName, joinPath, parentPath, rootedPath } from '../../engine/layer/path.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import { collect } from '../../engine/bytes.ts';
import { fileIn } from '../read.ts';
import { compareVersions, type Elf } from './elf.ts';
import { readLoaderCache, type CachedLibrary } from './loader-cache.ts';
import { readElf } from './read.ts';

/** An object that the loader has mapped, or would have. */
export interface Loaded {
  /** Without `/` in front and without links. */
  readonly path: string;
  readonly elf: Elf;
  /** Who asked for it, up to the program. */
  readonly by: Loaded | undefined;
}

/** What the loader comes to: everything it loads, and the first thing that stops it. */
export interface Linked {
  readonly objects: readonly Loaded[];
  readonly problem?:
    | { readonly kind: 'missing'; readonly library: string; readonly by: Loaded }
    | {
        readonly kind: 'version';
        readonly version: string;
        readonly by: Loaded;
        readonly library: Loaded;
      };
}

/** More than any program loads. */
const MOST_OBJECTS = 2000;
const LARGEST_CACHE = 16 * 1024 * 1024;
const LARGEST_LOADER = 4 * 1024 * 1024;

/** Loads a dynamic program and all it needs as glibc's or musl's loader would, without running it. */
export async function link(
  tree: FileTree,
  program: { readonly path: string; readonly elf: Elf },
  libraryPath = '',
): Promise<Linked> {
  const root: Loaded = { ...program, by: undefined };
  const loader = await readLoader(tree, program.elf);
  const search = { ...{ tree, loader, libraryPath }, of: program.elf };
  const objects: Loaded[] = [root];
  const names = new Map<string, Loaded>();
  const remember = (name: string, object: Loaded): void => {
    names.set(name, object);
    if (object.elf.soname !== undefined) names.set(object.elf.soname, object);
  };
  for (const object of objects) {
    for (const library of object.elf.needed) {
      if (names.has(library)) continue;
      const found = await findLibrary(search, library, object);
      if (!found) return { objects, problem: { kind: 'missing', library, by: object } };
      const known = objects.find(({ path }) => path === found.path);
      if (!known) objects.push(found);
      remember(library, known ?? found);
    }
    if (objects.length > MOST_OBJECTS) break;
  }
  const [worst] = objects
    .flatMap((object) => unmet(object, names))
    .sort((a, b) => compareVersions(b.version, a.version));
  return { objects, ...(worst && { problem: worst }) };
}

type VersionProblem = Extract<Linked['problem'], { readonly kind: 'version' }>;

/** Versions an object wants of libraries that are there but do not have them. */
function unmet(by: Loaded, names: ReadonlyMap<string, Loaded>): readonly VersionProblem[] {
  return by.elf.versionsNeeded.flatMap(({ library: name, version }) => {
    const library = names.get(name);
    const defined = library?.elf.versionsDefined ?? [];
    // A library without versions is taken as it is, with a warning.
    if (!library || defined.length === 0 || defined.includes(version)) return [];
    return [{ kind: 'version' as const, version, by, library }];
  });
}

interface Loader {
  readonly musl: boolean;
  /** Where it looks last, without `/` in front. */
  readonly directories: readonly string[];
  readonly cache: readonly CachedLibrary[];
}

interface Search {
  readonly tree: FileTree;
  readonly loader: Loader;
  readonly libraryPath: string;
  readonly of: Elf;
}

async function findLibrary(
  search: Search,
  library: string,
  by: Loaded,
): Promise<Loaded | undefined> {
  for (const path of candidates(search, library, by)) {
    const at = search.tree.resolve(path);
    const content = fileIn(search.tree, path)?.entry.content;
    const elf = content && (await readElf(content));
    // One for another processor is passed over, as if it were not there.
    if (at === undefined || elf?.machine !== search.of.machine || elf.bits !== search.of.bits) {
      continue;
    }
    return { path: at, elf, by };
  }
  return undefined;
}

/** In the order of ld.so(8): RPATH, LD_LIBRARY_PATH, RUNPATH, cache, the loader's own directories. */
function* candidates(
  { loader, libraryPath }: Search,
  library: string,
  by: Loaded,
): Generator<string> {
  if (library.includes('/')) {
    yield rootedPath(library);
    return;
  }
  if (loader.musl && /^libc\.(?:so|musl-)/.test(library))
    yield* loader.cache.map(({ path }) => path);
  for (const directory of [
    ...(by.elf.runpath.length > 0 ? [] : inherited(by)),
    ...libraryPath.split(/[:;]/).filter((path) => path !== ''),
    ...by.elf.runpath.map((path) => withOrigin(path, by)),
  ]) {
    yield joinPath(rootedPath(directory), library);
  }
  if (!loader.musl) {
    for (const { name, path } of loader.cache) if (name === library) yield rootedPath(path);
  }
  for (const directory of loader.directories) yield joinPath(directory, library);
}

/** RPATHs count for what is loaded on behalf of an object, too, unless it has a RUNPATH. */
function inherited(object: Loaded): readonly string[] {
  const own = object.elf.runpath.length > 0 ? [] : object.elf.rpath;
  const paths = own.map((path) => withOrigin(path, object));
  return object.by ? [...paths, ...inherited(object.by)] : paths;
}

const withOrigin = (path: string, { path: at }: Loaded): string =>
  path
    .replaceAll(/\$ORIGIN\b|\$\{ORIGIN\}/g, `/${parentPath(at)}`)
    .replaceAll(/\$LIB\b|\$\{LIB\}/g, 'lib');

async function readLoader(tree: FileTree, { interpreter = '' }: Elf): Promise<Loader> {
  const file = fileIn(tree, rootedPath(interpreter))?.entry.content;
  if (/^ld-musl-/.test(baseName(interpreter))) {
    const paths = await textAt(tree, `etc/${baseName(interpreter).replace(/\.so\.1$/, '.path')}`);
    const directories = paths?.split(/[:\n]/) ?? ['/lib', '/usr/local/lib', '/usr/lib'];
    return {
      musl: true,
      directories: directories.filter((path) => path !== '').map(rootedPath),
      // Its loader is its libc.
      cache: [{ name: 'libc.so', path: interpreter }],
    };
  }
  const bytes = file && file.size <= LARGEST_LOADER ? await collect(file.stream()) : undefined;
  const cache = fileIn(tree, 'etc/ld.so.cache')?.entry.content;
  return {
    musl: false,
    directories: systemDirectories(bytes),
    cache:
      cache && cache.size <= LARGEST_CACHE ? readLoaderCache(await collect(cache.stream())) : [],
  };
}

/**
 * glibc's loader has its directories compiled in, one string after the other: Debian's are others than
 * Fedora's. `ld.so --list-diagnostics` calls them `path.system_dirs`.
 */
export function systemDirectories(loader: Uint8Array | undefined): readonly string[] {
  const text = loader ? new TextDecoder('latin1').decode(loader) : '';
  const [list] =
    /(?:\/[\w.+-]+)*\/lib[\w.+-]*\/(?:[\w.+-]+\/)*\0(?:\/[\w.+/-]+\/\0)+/.exec(text) ?? [];
  return list === undefined
    ? USUAL
    : list
        .split('\0')
        .filter((path) => path !== '')
        .map(rootedPath);
}

const USUAL = ['lib64', 'usr/lib64', 'lib', 'usr/lib'];

async function textAt(tree: FileTree, path: string): Promise<string | undefined> {
  const content: Entry['content'] = fileIn(tree, path)?.entry.content;
  return content && new TextDecoder().decode(await collect(content.stream(), LARGEST_LOADER));
}
