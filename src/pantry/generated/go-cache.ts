import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  try {
    const root = join(folder, 'go');
    for (const name of recipe.toolchain) await unpack(root, (await materials.deb(name)).entries);
    const cache = join(folder, 'cache');
    await mkdir(join(folder, 'work'));
    for (const flags of recipe.flags) {
      await run(folder, architecture, ['build', ...flags, ...recipe.packages]);
    }
    return await collected(cache, entryPath(recipe.into));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
  }
}

async function run(
  folder: string,
  architecture: Architecture,
  args: readonly string[],
): Promise<void> {
  const env = {
    ...{ GOROOT: join(folder, 'go'), GOCACHE: join(folder, 'cache'), GOPATH: join(folder, 'path') },
    ...{ GOTOOLCHAIN: 'local', GOFLAGS: '', GOENV: 'off', GOPROXY: 'off', CGO_ENABLED: '0' },
    ...{ GOOS: 'linux', GOARCH: ociName(architecture), HOME: folder, PATH: '/nowhere' },
    TMPDIR: folder,
  };
  try {
    await promisify(execFile)(join(folder, 'go/bin/go'), [...args], {
      ...{ cwd: join(folder, 'work'), env, maxBuffer: 16 * 1024 * 1024 },
    });
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
