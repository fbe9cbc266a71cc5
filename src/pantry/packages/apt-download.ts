import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '../is-running.ts';
import { aptError } from './apt-errors.ts';
import type { AptHome } from './apt-home.ts';
import type { PackageCache } from './cache.ts';
import { hashFile } from './cache.ts';
import { diskError } from './disk-error.ts';
import type { FetchOptions, PackageInfo } from './port.ts';

/** apt talks to one host over one connection; three of them keep a line full without annoying a mirror. */
const LANES = 3;
/** A batch ends at either: small enough that little is lost when it is interrupted. */
const BATCH_FILES = 24;
const BATCH_BYTES = 16 * 1024 * 1024;

/**
 * Downloads what the cache lacks. Every file is checked by apt and, when it moves into the cache, by
 * us against the index. What an interrupted run had complete is taken over by the next.
 */
export async function downloadPackages(
  apt: AptHome,
  packages: readonly PackageInfo[],
  cache: PackageCache,
  options: FetchOptions,
): Promise<void> {
  await salvage(packages, cache);
  const missing: PackageInfo[] = [];
  for (const item of packages) {
    const known = missing.some(({ sha256 }) => sha256 === item.sha256);
    if (!known && (await cache.find(item.sha256, item.size)) === undefined) missing.push(item);
  }
  const total = missing.reduce((sum, { size }) => sum + size, 0);
  const batches = batchesOf(missing);
  const doneOf = batches.map(() => 0);
  const report = (index: number, bytes: number): void => {
    doneOf[index] = bytes;
    options.onProgress?.({ done: doneOf.reduce((sum, done) => sum + done, 0), total });
  };
  const failed = new AbortController();
  const signal =
    options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
  const queue = [...batches.entries()];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, batch] = next;
      await downloadBatch(apt, batch, cache, signal, (bytes) => {
        report(index, bytes);
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } catch (error) {
    failed.abort();
    throw error;
  }
}

/** Big files first, each batch about as long as the others. */
function batchesOf(packages: readonly PackageInfo[]): PackageInfo[][] {
  const batches: PackageInfo[][] = [];
  let current: PackageInfo[] = [];
  let bytes = 0;
  for (const item of packages.toSorted((a, b) => b.size - a.size)) {
    if (current.length === BATCH_FILES || (current.length > 0 && bytes + item.size > BATCH_BYTES)) {
      batches.push(current);
      current = [];
      bytes = 0;
    }
    current.push(item);
    bytes += item.size;
  }
  if (current.length > 0) batches.push(current);
  return batches;
}

async function downloadBatch(
  apt: AptHome,
  batch: readonly PackageInfo[],
  cache: PackageCache,
  signal: AbortSignal,
  onBytes: (done: number) => void,
): Promise<void> {
  const total = batch.reduce((sum, { size }) => sum + size, 0);
  const folder = await partialFolder(cache);
  const wanted = batch.map(({ name, version }) => `${name}=${version}`);
  try {
    const result = await apt.run(
      'apt-get',
      ['download', '-q', '-o', 'APT::Status-Fd=3', ...wanted],
      {
        cwd: folder,
        signal,
        onStatus(line) {
          const percent = /^dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
          if (percent !== undefined) onBytes(Math.round((Number(percent) / 100) * total));
        },
      },
    );
    await adoptFrom(folder, batch, cache);
    for (const item of batch) {
      if ((await cache.find(item.sha256, item.size)) === undefined) {
        throw aptError(`cannot download ${item.name} ${item.version}`, result);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  onBytes(total);
}

async function partialFolder(cache: PackageCache): Promise<string> {
  try {
    await mkdir(cache.directory, { recursive: true });
    return await mkdtemp(join(cache.directory, `partial-${process.pid}-`));
  } catch (error) {
    throw diskError(error, cache.directory);
  }
}

/** Takes over what an earlier process that is gone had complete, and removes the rest of it. */
async function salvage(packages: readonly PackageInfo[], cache: PackageCache): Promise<void> {
  const names = await readdir(cache.directory).catch(() => []);
  for (const name of names) {
    const pid = /^partial-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const folder = join(cache.directory, name);
    await adoptFrom(folder, packages, cache);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Moves the complete files of a folder into the cache, known by their size and their hash. */
async function adoptFrom(
  folder: string,
  packages: readonly PackageInfo[],
  cache: PackageCache,
): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith('.deb')) continue;
    const file = join(folder, name);
    const { size } = await stat(file);
    const candidates = packages.filter((item) => item.size === size);
    if (candidates.length === 0) continue;
    const sha256 = await hashFile(file);
    if (candidates.some((item) => item.sha256 === sha256)) await cache.adopt(file, sha256);
  }
}
