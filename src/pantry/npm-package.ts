import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { EngineError } from '../engine/errors.ts';
import { contentOf } from '../engine/layer/content.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { entriesOfTar } from '../engine/layer/from-tar.ts';
import { isWithin } from '../engine/layer/path.ts';
import { directory, entryPath } from './entries.ts';
import { errnoOf } from './errno.ts';
import { diskError } from './packages/disk-error.ts';
import type { NpmRecipe } from './recipe.ts';

const run = promisify(execFile);

/** `name@version` to the SHA-512 that npm calls integrity. */
export type NpmLock = ReadonlyMap<string, string>;

const lockFile = z.record(z.string(), z.string().regex(/^sha512-[A-Za-z0-9+/]+=*$/));

/** Empty when there is no lock yet. Rejects with `lock-invalid`. */
export async function readNpmLock(folder: string): Promise<NpmLock> {
  const file = join(folder, 'npm.json');
  try {
    return new Map(Object.entries(lockFile.parse(JSON.parse(await readFile(file, 'utf8')))));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return new Map();
    throw new EngineError('lock-invalid', `${file} is not a lock of npm packages`, {
      hint: 'Restore the committed file, or write it anew with `semdistro pantry lock`.',
      cause: error,
    });
  }
}

export async function writeNpmLock(folder: string, lock: NpmLock): Promise<void> {
  const sorted = Object.fromEntries([...lock].sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(join(folder, 'npm.json'), `${JSON.stringify(sorted, null, 2)}\n`);
}

export function npmName(recipe: Pick<NpmRecipe, 'package' | 'version'>): string {
  return `${recipe.package}@${recipe.version}`;
}

/** The registry's word on a package's hash, for the lock. */
export async function currentIntegrity(name: string): Promise<string> {
  const { stdout } = await npm(['view', name, 'dist.integrity'], '.');
  return stdout.trim();
}

/**
 * What a recipe takes from a package: downloaded by npm, checked against the lock, kept in `folder`.
 * Files are root's, with the date the package has. Errors: `lock-missing`, `package-corrupt`, `packages-network`.
 */
export async function npmEntries(
  recipe: NpmRecipe,
  lock: NpmLock,
  folder: string,
): Promise<readonly Entry[]> {
  const name = npmName(recipe);
  const integrity = lock.get(name);
  if (integrity === undefined) {
    throw new EngineError('lock-missing', `not in the lock of npm packages: ${name}`, {
      hint: 'Run `semdistro pantry lock` and commit the lock file.',
    });
  }
  const tar = await promisify(gunzip)(await obtain(name, integrity, folder));
  const all = await entriesOfTar(contentOf(tar), { whiteouts: 'keep' });
  const taken = new Map<string, Entry>();
  for (const { from, to, mode } of recipe.take) {
    const found = all.filter(({ path }) => isWithin(path, from));
    if (found.length === 0) throw new Error(`${name} has no ${from}`);
    for (const entry of found) {
      const path = entryPath(to) + entry.path.slice(from.length);
      // npm's archives have no directories, and their own idea of owners.
      for (
        let at = path.lastIndexOf('/');
        at >= to.length - 1;
        at = path.lastIndexOf('/', at - 1)
      ) {
        taken.set(path.slice(0, at), directory(path.slice(0, at)));
      }
      taken.set(path, { ...entry, path, uid: 0, gid: 0, mode: mode ?? entry.mode & 0o755 });
    }
  }
  return [...taken.values()];
}

async function obtain(name: string, integrity: string, folder: string): Promise<Uint8Array> {
  const hash = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
  const kept = join(folder, `${hash.slice(0, 64)}.tgz`);
  const there = await readFile(kept).catch(() => undefined);
  if (there && hashOf(there) === integrity) return there;
  try {
    await mkdir(folder, { recursive: true });
    const temporary = await mkdtemp(join(folder, 'npm-'));
    try {
      const { stdout } = await npm(['pack', '--silent', name], temporary);
      const file = join(temporary, stdout.trim().split('\n').at(-1) ?? '');
      const bytes = await readFile(file);
      if (hashOf(bytes) !== integrity) {
        throw new EngineError('package-corrupt', `${name} is not the file the lock pins`, {
          hint: 'Run the command again; if it stays so, check the registry npm is set to.',
        });
      }
      await rename(file, kept);
      return bytes;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    throw diskError(error, folder);
  }
}

function hashOf(bytes: Uint8Array): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

async function npm(args: readonly string[], cwd: string): Promise<{ readonly stdout: string }> {
  try {
    return await run('npm', [...args], { cwd, maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    throw new EngineError('packages-network', `npm ${args.join(' ')} failed`, {
      hint: 'Is there a network, and does npm reach its registry?',
      cause: error,
    });
  }
}
