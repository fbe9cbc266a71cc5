import { baseName, joinPath, parentPath, rootedPath } from '../../engine/layer/path.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import { elfProblem } from '../elf/fits.ts';
import { readElf } from '../elf/read.ts';
import type { Image } from '../engine.ts';
import { missingAt } from '../missing.ts';
import { words, type Words } from '../words.ts';
import { factsOf } from './facts.ts';
import { userOf, type ImageUser } from './user.ts';

/** A program that can be started, or why it cannot. */
export type Program =
  | {
      readonly ok: true;
      /** As it was found, without `/` in front, links not followed. */
      readonly path: string;
      /** The file behind it. */
      readonly file: Entry;
      /** The program that reads it, for a `#!` script. */
      readonly interpreter?: Extract<Program, { readonly ok: true }>;
    }
  | { readonly ok: false; readonly found: Words; readonly path?: string };

/** What Docker sets where an image has none. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** `#!` lines may lead to scripts, but not for ever: the kernel's limit. */
const MOST_SCRIPTS = 4;

/** Finds a program as an engine does: with a slash from WORKDIR, else in PATH; then what it needs to start. */
export async function findProgram(image: Image, name: string): Promise<Program> {
  const user = await userOf(image);
  const tree = await image.files();
  return find({ image, tree, user }, name, 0);
}

interface Place {
  readonly image: Image;
  readonly tree: FileTree;
  readonly user: ImageUser;
}

async function find(place: Place, name: string, depth: number): Promise<Program> {
  const { tree, image } = place;
  if (name === '') {
    return { ok: false, found: words('um nome de programa vazio', 'an empty program name') };
  }
  const { env, workingDir } = factsOf(image);
  if (name.includes('/')) {
    return look(place, rootedPath(name.startsWith('/') ? name : `${workingDir}/${name}`), depth);
  }
  const path = env.get('PATH') ?? DEFAULT_PATH;
  let problem: Words | undefined;
  for (const directory of path.split(':')) {
    const at = joinPath(rootedPath(directory.startsWith('/') ? directory : workingDir), name);
    const why = blocked(place, at);
    if (why === undefined) return look(place, at, depth);
    // That it is there but cannot be used is more telling than that it is nowhere.
    if (tree.get(at)) problem ??= why;
  }
  return {
    ok: false,
    found:
      problem ??
      words(
        `\`${name}\` não está em nenhuma pasta do PATH (\`${path}\`)`,
        `\`${name}\` is in no directory of PATH (\`${path}\`)`,
      ),
  };
}

async function look(place: Place, path: string, depth: number): Promise<Program> {
  const problem = blocked(place, path);
  if (problem) return { ok: false, found: problem, path };
  const file = place.tree.get(place.tree.resolve(path) ?? '')?.entry;
  if (!file?.content) throw new Error(`${path} was there`);
  const head = await file.content.read(0, 256);
  if (head[0] === 0x23 && head[1] === 0x21) return script(place, { path, file, head }, depth);
  const elf = await readElf(file.content);
  if (!elf) {
    return {
      ok: false,
      path,
      found: words(
        `\`/${path}\` não é um executável: nem ELF, nem script com \`#!\``,
        `\`/${path}\` is no executable: neither ELF nor a script with \`#!\``,
      ),
    };
  }
  const unfit = elfProblem(elf, { path, tree: place.tree, image: place.image });
  return unfit ? { ok: false, found: unfit, path } : { ok: true, path, file };
}

/** The kernel reads one line: a path, and everything after the first space as one argument. */
async function script(
  place: Place,
  { path, file, head }: { readonly path: string; readonly file: Entry; readonly head: Uint8Array },
  depth: number,
): Promise<Program> {
  const [line = ''] = new TextDecoder('latin1').decode(head.subarray(2)).split('\n', 1);
  const [, program = '', argument = ''] = /^[ \t]*([^ \t]*)[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
  const needs = (why: Words): Program => ({
    ok: false,
    path,
    found: words(
      `\`/${path}\` é um script para \`${program}\`: ${why['pt-BR']}`,
      `\`/${path}\` is a script for \`${program}\`: ${why.en}`,
    ),
  });
  if (line.endsWith('\r')) {
    return needs(
      words(
        'a linha termina em CRLF, e o nome fica com um `\\r` no fim',
        'the line ends in CRLF, so that the name has a `\\r` at its end',
      ),
    );
  }
  if (depth >= MOST_SCRIPTS) return needs(words('scripts sem fim', 'scripts without end'));
  const interpreter = await find(
    place,
    program.startsWith('/') ? program : `/${program}`,
    depth + 1,
  );
  if (!interpreter.ok) return needs(interpreter.found);
  if (baseName(program) !== 'env') return { ok: true, path, file, interpreter };
  const name = argument
    .split(/[ \t]+/)
    .find((word) => !word.startsWith('-') && !word.includes('='));
  const real = await find(place, name ?? '', depth + 1);
  return real.ok ? { ok: true, path, file, interpreter: real } : needs(real.found);
}

/** Why nothing can be executed at a path: it is not there, is no file, or this user may not. */
function blocked({ tree, user }: Place, path: string): Words | undefined {
  const at = tree.resolve(path);
  const entry = at === undefined ? undefined : tree.get(at)?.entry;
  if (at === undefined || !entry) return missingAt(tree, path);
  if (entry.type === 'dir') {
    return words(`\`/${path}\` é uma pasta`, `\`/${path}\` is a directory`);
  }
  if (entry.type !== 'file') {
    return words(`\`/${path}\` não é um arquivo`, `\`/${path}\` is no file`);
  }
  const mode = (entry.mode & 0o7777).toString(8).padStart(4, '0');
  if (!allowed(entry, user, 1)) {
    return words(
      `\`/${path}\` não é executável para o usuário ${user.uid ?? user.name} (modo ${mode}, dono ${entry.uid}:${entry.gid})`,
      `\`/${path}\` is not executable for user ${user.uid ?? user.name} (mode ${mode}, owner ${entry.uid}:${entry.gid})`,
    );
  }
  return closed(tree, at, user);
}

/** A directory on the way that the user may not enter, said of a path without links. */
export function closed(tree: FileTree, at: string, user: ImageUser): Words | undefined {
  for (let up = parentPath(at); up !== ''; up = parentPath(up)) {
    const entry = tree.get(up)?.entry;
    if (!entry || allowed(entry, user, 1)) continue;
    const mode = (entry.mode & 0o7777).toString(8).padStart(4, '0');
    return words(
      `o usuário ${user.uid ?? user.name} não entra em \`/${up}\` (modo ${mode}, dono ${entry.uid}:${entry.gid})`,
      `user ${user.uid ?? user.name} may not enter \`/${up}\` (mode ${mode}, owner ${entry.uid}:${entry.gid})`,
    );
  }
  return undefined;
}

/** Permission bits as the kernel reads them, without access lists; root executes what anybody may. */
export function allowed(entry: Entry, user: ImageUser, bit: 1 | 4): boolean {
  if (user.uid === 0 || user.uid === undefined) {
    return bit === 4 || entry.type === 'dir' || (entry.mode & 0o111) !== 0;
  }
  const shift = entry.uid === user.uid ? 6 : entry.gid === user.gid ? 3 : 0;
  return ((entry.mode >> shift) & bit) !== 0;
}
