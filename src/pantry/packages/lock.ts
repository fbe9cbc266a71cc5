import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../../engine/errors.ts';
import { errnoOf } from '../errno.ts';
import { diskError } from './disk-error.ts';
import { ARCHITECTURES } from './port.ts';
import type { Architecture, SourcePackage } from './port.ts';

/** One package, pinned: everything needed to know its file again. */
export interface LockedPackage {
  readonly version: string;
  readonly sha256: string;
  readonly size: number;
  readonly source: SourcePackage;
}

/** The packages of one architecture and what "with dependencies" came to, both by name. */
export interface Lock {
  readonly architecture: Architecture;
  readonly packages: ReadonlyMap<string, LockedPackage>;
  /** Keyed by `closureKey`; the values are sorted. Recorded, so that a later index cannot change an image's contents. */
  readonly closures: ReadonlyMap<string, readonly string[]>;
}

/** How a set of roots is called in a lock, whatever order a recipe names them in. */
export function closureKey(names: readonly string[]): string {
  return [...new Set(names)].sort().join(' ');
}

const filled = z.string().min(1);
const lockFile = z.strictObject({
  schema: z.literal(1),
  architecture: z.enum(ARCHITECTURES),
  closures: z.record(filled, z.array(filled)),
  packages: z.record(
    filled,
    z.strictObject({
      version: filled,
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      size: z.number().int().positive(),
      source: filled,
      sourceVersion: filled,
    }),
  ),
});

/** Reads a lock; EngineError `lock-invalid` with the place when it is not one. `file` is what errors call it. */
export function parseLock(text: string, file: string): Lock {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw invalid(file, error instanceof Error ? error.message : 'no JSON', error);
  }
  const parsed = lockFile.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(file, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const { architecture, closures, packages } = parsed.data;
  return {
    architecture,
    closures: new Map(Object.entries(closures)),
    packages: new Map(
      Object.entries(packages).map(([name, { source, sourceVersion, ...rest }]) => [
        name,
        { ...rest, source: { name: source, version: sourceVersion } },
      ]),
    ),
  };
}

function invalid(file: string, why: string, cause?: unknown): EngineError {
  return new EngineError('lock-invalid', `${file}: ${why}`, {
    hint: 'Restore the committed file, or write it anew with `semdistro pantry lock`.',
    cause,
  });
}

/** The lock as text: sorted by name, one value per line, the same for the same content. */
export function formatLock(lock: Lock): string {
  const document = {
    schema: 1,
    architecture: lock.architecture,
    closures: sorted(lock.closures, (names) => names),
    packages: sorted(lock.packages, ({ version, sha256, size, source }) => ({
      version,
      sha256,
      size,
      source: source.name,
      sourceVersion: source.version,
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function sorted<V, R>(map: ReadonlyMap<string, V>, value: (item: V) => R): Record<string, R> {
  const entries = [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, value(item)]));
}

/** Where the lock of an architecture is in the folder of locks. */
export function lockPath(folder: string, architecture: Architecture): string {
  return join(folder, `${architecture}.json`);
}

/** Undefined when there is no lock for this architecture yet. */
export async function readLock(
  folder: string,
  architecture: Architecture,
): Promise<Lock | undefined> {
  const file = lockPath(folder, architecture);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const lock = parseLock(text, file);
  if (lock.architecture === architecture) return lock;
  throw invalid(file, `it is the lock of ${lock.architecture}`);
}

/** Writes aside and renames. Rejects with `packages-disk` or `packages-permission`. */
export async function writeLock(folder: string, lock: Lock): Promise<void> {
  const file = lockPath(folder, lock.architecture);
  try {
    await writeFile(`${file}.new`, formatLock(lock));
    await rename(`${file}.new`, file);
  } catch (error) {
    throw diskError(error, folder);
  }
}
