import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Of cmd/go/internal/modindex in Go 1.24. With another format nothing is found, and nothing moved. */
const FORMAT = 'go index v2';

export interface GoMove {
  /** Where Go's build cache is. */
  readonly cache: string;
  /** GOROOT of the Go that filled it, absolute. */
  readonly from: string;
  /** Where the same Go, with the same times, will be: just as long, since lengths are part of the index. */
  readonly to: string;
  /** `go env GOVERSION`. */
  readonly version: string;
}

/**
 * Go keeps in its build cache what the source files of a package of the standard library import, and
 * knows it by the folder's path and the names, times and sizes in it. A cache that was filled
 * elsewhere is therefore no help: Go would read and parse everything again, for a minute on an emulated
 * machine. This makes what is in the cache that of the other place. Resolves to how many packages.
 */
export async function moveGoIndex(move: GoMove): Promise<number> {
  const { cache, from, to } = move;
  if (from.length !== to.length) throw new Error(`${from} is not as long as ${to}`);
  let moved = 0;
  for (const folder of await foldersBelow(join(from, 'src'))) {
    const files = await filesOf(folder);
    if (!files) continue;
    const key = (root: string): string => keyOf(root, folder.slice(from.length), files, move);
    const old = await readFile(pathOf(cache, key(from), 'a'), 'utf8').catch(() => undefined);
    const [, , output = ''] = old?.split(' ') ?? [];
    if (old === undefined || output === '') continue;
    const data = replaced(await readFile(pathOf(cache, output, 'd')), from, to);
    await rm(pathOf(cache, key(from), 'a'));
    await rm(pathOf(cache, output, 'd'));
    const content = createHash('sha256').update(data).digest('hex');
    await put(pathOf(cache, content, 'd'), data);
    // `v1 KEY CONTENT SIZE TIME`
    const line = `v1 ${key(to)} ${content}${old.slice(old.indexOf(output) + output.length)}`;
    await put(pathOf(cache, key(to), 'a'), line);
    moved += 1;
  }
  return moved;
}

async function put(path: string, content: Buffer | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

function pathOf(cache: string, id: string, kind: 'a' | 'd'): string {
  return join(cache, id.slice(0, 2), `${id}-${kind}`);
}

async function foldersBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) =>
    entry.isDirectory() ? [join(entry.parentPath, entry.name)] : [],
  );
}

interface File {
  readonly name: string;
  /** Whole seconds since 1970, as in an image. */
  readonly mtime: number;
  readonly size: number;
}

/** Undefined where Go keeps nothing: a folder with anything but files and folders. */
async function filesOf(folder: string): Promise<readonly File[] | undefined> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: File[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    if (!entry.isFile()) return undefined;
    const { mtimeMs, size } = await stat(join(folder, entry.name));
    files.push({ name: entry.name, mtime: Math.floor(mtimeMs / 1000), size });
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function keyOf(root: string, below: string, files: readonly File[], { version }: GoMove): string {
  const lines = [
    `modroot ${root}/src\n`,
    `package ${version} ${FORMAT} ${root}${below}\n`,
    ...files.map(({ name, mtime, size }) => `file ${name} ${goTime(mtime)} ${size}\n`),
  ];
  return createHash('sha256').update(version).update(lines.join('')).digest('hex');
}

/** As Go prints a time where the local zone is UTC. */
function goTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, 19)} +0000 UTC`;
}

function replaced(data: Buffer, from: string, to: string): Buffer {
  return Buffer.from(data.toString('latin1').replaceAll(from, to), 'latin1');
}
