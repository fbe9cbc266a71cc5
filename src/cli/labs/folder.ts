import { type Dirent, type Stats } from 'node:fs';
import { lstat, mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { once } from '../../engine/bytes.ts';
import { type IgnoreRules, parseDockerignore } from '../../engine/dockerfile/ignore.ts';
import { EngineTrouble } from '../../verify/engine.ts';
import type { Folder, FolderFile } from '../../verify/folder.ts';
import type { Words } from '../../verify/words.ts';
import { fileError } from '../files/file-errors.ts';
import { writeDurably } from '../store/durable.ts';

/** A lab is small. What is larger was not meant to be in it, and would be sent to every build. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_FILES = 5_000;

/** What this program keeps in a learner's folder. */
const OURS = /^\.semdistro(?:\.|$)/;

export interface ReadFolder {
  readonly folder: Folder;
  /** What a build would see and the folder does not have: links out of it, sockets. */
  readonly leftOut: readonly { readonly path: string; readonly why: Words }[];
}

export interface ReadOptions {
  /** What is read even when `.dockerignore` drops it: what the lab gave out and lets be edited. */
  readonly always?: (path: string) => boolean;
  readonly signal?: AbortSignal;
  readonly maxBytes?: number;
  readonly maxFiles?: number;
}

/**
 * What a build of the folder can see: all files but those that `.dockerignore` drops. A link to a
 * file in the folder is read as that file. Rejects with EngineTrouble `too-large`, which names the
 * largest part of it, and with EngineError `not-found`, `permission-denied` and the like.
 */
export async function readFolder(dir: string, options: ReadOptions = {}): Promise<ReadFolder> {
  const { always = () => false, signal, maxBytes = MAX_BYTES, maxFiles = MAX_FILES } = options;
  const root = await realpath(dir).catch((error: unknown) => {
    throw fileError(error, 'open', dir);
  });
  const rules = await ignoreRules(root);
  const folder = new Map<string, FolderFile>();
  const leftOut: { path: string; why: Words }[] = [];
  let bytes = 0;
  for await (const { path, entry } of walk(root, '', (at) => rules?.mustWalk(at) ?? true)) {
    signal?.throwIfAborted();
    if (rules?.verdict(path) === 'drop' && !always(path)) continue;
    const found = await fileAt(root, path, entry);
    if (!found) continue;
    if ('why' in found) {
      leftOut.push({ path, why: found.why });
      continue;
    }
    bytes += found.stat.size;
    if (bytes > maxBytes || folder.size >= maxFiles) throw tooLarge(dir, folder, path, maxBytes);
    folder.set(path, await read(found.path, path, found.stat));
  }
  return { folder, leftOut };
}

/** Every file of a folder of this repository. */
export async function readWhole(dir: string): Promise<Folder> {
  const folder = new Map<string, FolderFile>();
  for await (const { path } of walk(dir, '', () => true)) {
    const file = join(dir, path);
    folder.set(path, await read(file, path, await stat(file)));
  }
  return folder;
}

/** Writes files into a folder, which is made when it is not there. What else is in it stays. */
export async function writeFolder(dir: string, folder: Folder): Promise<void> {
  for (const [path, { bytes, executable }] of folder) {
    const target = join(dir, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      // Beside it and then renamed: whoever watches the folder sees whole files only.
      const temporary = `${target}.${process.pid}.new`;
      await writeDurably(temporary, once(bytes), () => target, executable ? 0o777 : 0o666);
    } catch (error) {
      throw fileError(error, 'write', target);
    }
  }
}

async function* walk(
  root: string,
  dir: string,
  enter: (path: string) => boolean,
): AsyncGenerator<{ readonly path: string; readonly entry: Dirent }> {
  const entries = await readdir(join(root, dir), { withFileTypes: true }).catch(
    (error: unknown) => {
      throw fileError(error, 'open', dir === '' ? root : dir);
    },
  );
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = dir === '' ? entry.name : `${dir}/${entry.name}`;
    if (dir === '' && OURS.test(entry.name)) continue;
    if (!entry.isDirectory()) yield { path, entry };
    else if (enter(path)) yield* walk(root, path, enter);
  }
}

async function fileAt(
  root: string,
  path: string,
  entry: Dirent,
): Promise<{ readonly path: string; readonly stat: Stats } | { readonly why: Words } | undefined> {
  const full = join(root, path);
  if (!entry.isFile() && !entry.isSymbolicLink()) {
    return {
      why: {
        'pt-BR': 'não é um arquivo comum (socket, pipe ou dispositivo)',
        en: 'is no ordinary file (a socket, a pipe or a device)',
      },
    };
  }
  try {
    if (entry.isFile()) return { path: full, stat: await lstat(full) };
    const target = await realpath(full);
    const found = await stat(target);
    if (target.startsWith(root + sep) && found.isFile()) return { path: target, stat: found };
  } catch (error) {
    const failure = fileError(error, 'open', path);
    const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
    // Removed since it was listed, or a link to nothing.
    if (entry.isFile() && code === 'not-found') return undefined;
    if (entry.isFile() || (code !== 'not-found' && code !== 'too-many-links')) throw failure;
  }
  return {
    why: {
      'pt-BR': 'é um link que não leva a um arquivo desta pasta',
      en: 'is a link that does not lead to a file of this folder',
    },
  };
}

async function read(file: string, path: string, found: Stats): Promise<FolderFile> {
  try {
    const bytes = await readFile(file);
    // Not the Buffer: its memory may be shared, and it is no plain Uint8Array to code for browsers.
    return { bytes: new Uint8Array(bytes), executable: (found.mode & 0o111) !== 0 };
  } catch (error) {
    throw fileError(error, 'open', path);
  }
}

/**
 * Undefined when nothing may be left out: with a `<Dockerfile>.dockerignore` builds see different
 * files, and a pattern that nobody can match is for the build to complain about.
 */
async function ignoreRules(root: string): Promise<IgnoreRules | undefined> {
  const names = await readdir(root).catch((error: unknown) => {
    throw fileError(error, 'open', root);
  });
  if (names.some((name) => /.\.dockerignore$/.test(name))) return undefined;
  if (!names.includes('.dockerignore')) return undefined;
  try {
    const rules = parseDockerignore(await readFile(join(root, '.dockerignore'), 'utf8'));
    return {
      // The file itself goes along whatever it says: the engine needs it.
      verdict: (path) => (path === '.dockerignore' ? 'keep' : rules.verdict(path)),
      mustWalk: (path) => rules.mustWalk(path),
    };
  } catch {
    return undefined;
  }
}

function tooLarge(dir: string, folder: Folder, last: string, maxBytes: number): EngineTrouble {
  const sizes = new Map<string, number>();
  for (const [path, { bytes }] of [...folder, [last, { bytes: { length: 0 } }] as const]) {
    const [top = path] = path.split('/');
    sizes.set(top, (sizes.get(top) ?? 0) + bytes.length + 1);
  }
  const largest = [...sizes].sort(([, a], [, b]) => b - a)[0]?.[0] ?? last;
  const mib = Math.round(maxBytes / 1024 / 1024);
  return new EngineTrouble(
    'too-large',
    {
      'pt-BR': `a pasta \`${dir}\` é grande demais: passa de ${mib} MiB ou de ${MAX_FILES} arquivos, e a maior parte está em \`${largest}\``,
      en: `the folder \`${dir}\` is too large: more than ${mib} MiB or ${MAX_FILES} files, most of it in \`${largest}\``,
    },
    {
      advice: {
        'pt-BR': `Tudo isso iria para cada build. Apague \`${largest}\` ou escreva o nome no \`.dockerignore\`.`,
        en: `All of it would go to every build. Remove \`${largest}\`, or name it in \`.dockerignore\`.`,
      },
    },
  );
}
