import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '../../engine/errors.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { parentPath } from '../../engine/layer/path.ts';
import { ociName } from '../architectures.ts';
import { bytesOf, directory, entryPath, fileOf } from '../entries.ts';
import type { Materials } from '../materials.ts';
import type { Architecture } from '../packages/port.ts';
import type { Generate } from '../recipe.ts';
import { moveGoIndex } from './go-index.ts';

type GoCache = Extract<Generate, { kind: 'go-cache' }>;

/**
 * The year 2038, the last that 32-bit programs know: Go throws away what it has not used for five days,
 * and touches what it uses when that was long ago. Neither may happen to what comes with the image.
 */
export const LATER = 2_145_916_800;

/**
 * Go's build cache with packages of the standard library, compiled by the packages' own toolchain,
 * which is static and runs on a kernel of the other word size too. What the cache knows a result by
 * does not depend on where Go is installed. Rejects with `go-cache-unavailable` where Go cannot run.
 */
export async function goCache(
  recipe: GoCache,
  architecture: Architecture,
  materials: Materials,
): Promise<readonly Entry[]> {
  const folder = await materials.scratch();
  const root = placeLike(recipe.root);
  try {
    for (const name of recipe.toolchain) await unpack(root, (await materials.deb(name)).entries);
    const cache = join(folder, 'cache');
    await mkdir(join(folder, 'work'));
    const go = (args: readonly string[]): Promise<string> => run(folder, root, architecture, args);
    for (const flags of recipe.flags) await go(['build', ...flags, ...recipe.packages]);
    const version = (await go(['env', 'GOVERSION'])).trim();
    await moveGoIndex({ cache, from: root, to: recipe.root, version });
    return await collected(cache, entryPath(recipe.into));
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(root, { recursive: true, force: true });
  }
}

/** A folder that is not there yet, with a path of the same length. Go that can run here has a /tmp. */
function placeLike(path: string): string {
  const name = randomBytes(path.length).toString('hex');
  return `/tmp/${name}`.slice(0, path.length);
}

/** Debian has Go in two places; both are GOROOT. */
async function unpack(root: string, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) {
    const [, inside] = /^usr\/(?:lib|share)\/go-[\d.]+\/(.+)$/.exec(entry.path) ?? [];
    if (inside === undefined || entry.type !== 'file' || inside.startsWith('test/')) continue;
    const path = join(root, inside);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await bytesOf(entry));
    await chmod(path, entry.mode);
    await utimes(path, entry.mtime, entry.mtime);
  }
}

/** Resolves to what is printed. */
async function run(
  folder: string,
  root: string,
  architecture: Architecture,
  args: readonly string[],
): Promise<string> {
  const env = {
    ...{ GOROOT: root, GOCACHE: join(folder, 'cache'), GOPATH: join(folder, 'path') },
    ...{ GOTOOLCHAIN: 'local', GOFLAGS: '', GOENV: 'off', GOPROXY: 'off', CGO_ENABLED: '0' },
    ...{ GOOS: 'linux', GOARCH: ociName(architecture), HOME: folder, PATH: '/nowhere' },
    TMPDIR: folder,
    // Times are part of what the cache knows packages by; containers have no zone.
    TZ: 'UTC',
  };
  try {
    const { stdout } = await promisify(execFile)(join(root, 'bin/go'), [...args], {
      ...{ cwd: join(folder, 'work'), env, maxBuffer: 16 * 1024 * 1024 },
    });
    return stdout;
  } catch (error) {
    throw new EngineError(
      'go-cache-unavailable',
      'the Go of the packages cannot run here, so its standard library cannot be compiled',
      {
        hint: 'Build images for linux/386 on an amd64 Linux that can run 32-bit programs.',
        cause: error,
      },
    );
  }
}

async function collected(cache: string, into: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const above: string[] = [];
  for (let at = into; at !== ''; at = parentPath(at)) above.unshift(at);
  for (const path of above) entries.push(directory(path, path === 'root' ? 0o700 : 0o755));
  const later = { mtime: LATER };
  for (const name of (await readdir(cache)).sort()) {
    if (!/^[0-9a-f]{2}$/.test(name)) continue;
    entries.push(directory(`${into}/${name}`, 0o755, later));
    for (const file of (await readdir(join(cache, name))).sort()) {
      const bytes = await readFile(join(cache, name, file));
      const content = file.endsWith('-a') ? withoutTime(bytes) : bytes;
      entries.push(fileOf(`${into}/${name}/${file}`, content, 0o644, later));
    }
  }
  return entries;
}

/** An entry of the cache's index ends with when it was made, in nanoseconds, 20 characters wide. */
function withoutTime(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  return text.replace(/ [ \d]{20}\n$/, ` ${`${LATER}000000000`.padStart(20)}\n`);
}
