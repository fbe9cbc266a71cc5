import { EngineError } from '../../engine/errors.ts';
import type { PackageCache } from './cache.ts';
import { closureKey } from './lock.ts';
import type { Lock, LockedPackage } from './lock.ts';
import type { Architecture, FetchOptions, PackageInfo, PackageSource } from './port.ts';

/** What images of one architecture are made of. */
export interface PackageRequest {
  /** Packages by name, without what they depend on. */
  readonly names: readonly string[];
  /** Sets of names that are wanted with all they depend on. */
  readonly closures: readonly (readonly string[])[];
}

/** A package whose verified file is in the cache. */
export interface ObtainedPackage extends LockedPackage {
  readonly name: string;
  /** The `.deb` file. */
  readonly path: string;
  /** The version the lock names, when this is another: labels must then say `version`, not this. */
  readonly lockedVersion?: string;
}

export interface Obtained {
  readonly packages: ReadonlyMap<string, ObtainedPackage>;
  /** What a set of the request came to; the same roots in any order. */
  closure(names: readonly string[]): readonly string[];
  /** Lines for the person who runs this: what could not be had as pinned. Empty when all is as locked. */
  readonly notes: readonly string[];
}

export interface ObtainOptions extends FetchOptions {
  /** One line of what is going on before bytes flow. */
  readonly onStep?: (line: string) => void;
}

/**
 * Gets every package of a request as the lock pins it. Needs no network when the cache has them
 * all. A pinned version that the source no longer has is replaced by the current one, and said.
 * EngineErrors beside the source's own: `lock-missing` for what is not in the lock, and
 * `package-changed` when a pinned version now has other bytes, which is never accepted.
 */
export async function obtainPackages(
  source: PackageSource,
  cache: PackageCache,
  lock: Lock,
  request: PackageRequest,
  options: ObtainOptions = {},
): Promise<Obtained> {
  const pinned = pinnedOf(lock, request);
  const missing: [string, LockedPackage][] = [];
  for (const [name, item] of pinned) {
    if ((await cache.find(item.sha256, item.size)) === undefined) missing.push([name, item]);
  }
  const chosen = new Map(pinned);
  const notes: string[] = [];
  if (missing.length > 0) {
    const { architecture } = lock;
    notes.push(...(await refreshFor(source, architecture, options)));
    const found = await choose(source, architecture, missing);
    const drifted = found.filter((item) => item.version !== pinned.get(item.name)?.version);
    for (const item of found) chosen.set(item.name, item);
    if (drifted.length > 0) notes.push(driftNote(architecture, drifted, pinned));
    await source.fetch(found, architecture, options);
  }
  const packages = new Map<string, ObtainedPackage>();
  for (const [name, { version, sha256, size, source: from }] of chosen) {
    const path = await cache.find(sha256, size);
    if (path === undefined) throw new Error(`${name} is not in the cache after it was fetched`);
    const lockedVersion = pinned.get(name)?.version;
    const drift = lockedVersion !== undefined && lockedVersion !== version;
    packages.set(name, {
      ...{ name, version, sha256, size, source: from, path },
      ...(drift && { lockedVersion }),
    });
  }
  return {
    packages,
    closure: (names) => closureIn(lock, names),
    notes,
  };
}

async function refreshFor(
  source: PackageSource,
  architecture: Architecture,
  { onStep, signal }: ObtainOptions,
): Promise<readonly string[]> {
  return source.refresh([architecture], {
    ...(onStep && { onProgress: onStep }),
    ...(signal && { signal }),
  });
}

function closureIn(lock: Lock, names: readonly string[]): readonly string[] {
  const closure = lock.closures.get(closureKey(names));
  if (closure !== undefined) return closure;
  throw notLocked(lock, [`${names.join(' ')} with dependencies`]);
}

function pinnedOf(lock: Lock, request: PackageRequest): ReadonlyMap<string, LockedPackage> {
  const names = new Set([
    ...request.names,
    ...request.closures.flatMap((roots) => closureIn(lock, roots)),
  ]);
  const pinned = new Map<string, LockedPackage>();
  const missing: string[] = [];
  for (const name of [...names].sort()) {
    const item = lock.packages.get(name);
    if (item === undefined) missing.push(name);
    else pinned.set(name, item);
  }
  if (missing.length > 0) throw notLocked(lock, missing);
  return pinned;
}

function notLocked(lock: Lock, names: readonly string[]): EngineError {
  return new EngineError(
    'lock-missing',
    `not in the lock of ${lock.architecture}: ${shortList(names)}`,
    { hint: 'Run `semdistro pantry lock` and commit the lock file.' },
  );
}

/** The pinned version where the source has it, otherwise the one it has. */
async function choose(
  source: PackageSource,
  architecture: Architecture,
  wanted: readonly (readonly [string, LockedPackage])[],
): Promise<readonly PackageInfo[]> {
  const queries = wanted.map(([name, { version }]) => ({ name, version }));
  const exact = await source.find(queries, architecture);
  const gone = queries.filter((_, index) => exact[index] === undefined);
  const current = await source.find(
    gone.map(({ name }) => ({ name })),
    architecture,
  );
  const replacements = new Map(gone.map(({ name }, index) => [name, current[index]]));
  return wanted.map(([name, locked], index) => {
    const found = exact[index];
    if (found === undefined) {
      const replacement = replacements.get(name);
      if (replacement !== undefined) return replacement;
      throw unknown(name, architecture);
    }
    if (found.sha256 === locked.sha256) return found;
    throw new EngineError(
      'package-changed',
      `${name} ${locked.version} (${architecture}) is not the file the lock pins: SHA-256 ${found.sha256}, locked ${locked.sha256}`,
      { hint: 'The same version with other bytes is not taken: check where packages come from.' },
    );
  });
}

function unknown(name: string, architecture: Architecture): EngineError {
  return new EngineError('packages-unknown', `Debian has no package ${name} for ${architecture}`);
}

function driftNote(
  architecture: Architecture,
  drifted: readonly PackageInfo[],
  pinned: ReadonlyMap<string, LockedPackage>,
): string {
  const list = drifted.map(
    ({ name, version }) => `${name} ${version} for ${pinned.get(name)?.version ?? '?'}`,
  );
  const many = drifted.length === 1 ? 'package' : 'packages';
  return `${architecture}: the mirror no longer has ${drifted.length} pinned ${many}, the current one taken instead: ${shortList(list)}`;
}

function shortList(items: readonly string[]): string {
  const shown = items.slice(0, 5).join(', ');
  return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown;
}

/**
 * What the lock of an architecture is when everything in a request is taken in its current version.
 * `notes` are the source's: what it could not look at.
 */
export async function currentLock(
  source: PackageSource,
  architecture: Architecture,
  request: PackageRequest,
  options: ObtainOptions = {},
): Promise<{ readonly lock: Lock; readonly notes: readonly string[] }> {
  const notes = await refreshFor(source, architecture, options);
  const closures = new Map<string, readonly string[]>();
  for (const roots of request.closures) {
    const key = closureKey(roots);
    if (!closures.has(key)) closures.set(key, await source.closure(roots, architecture));
  }
  const names = [...new Set([...request.names, ...[...closures.values()].flat()])].sort();
  const found = await source.find(
    names.map((name) => ({ name })),
    architecture,
  );
  const packages = new Map<string, LockedPackage>();
  for (const [index, name] of names.entries()) {
    const info = found[index];
    if (info === undefined) throw unknown(name, architecture);
    const { version, sha256, size, source: from } = info;
    packages.set(name, { version, sha256, size, source: from });
  }
  return { lock: { architecture, packages, closures }, notes };
}

/** How one lock differs from another, in one line, such as `2 added, 5 changed (libc6, tzdata, …), 1 removed`. */
export function describeLockChange(before: Lock | undefined, after: Lock): string {
  const old = before?.packages ?? new Map<string, LockedPackage>();
  const added = [...after.packages.keys()].filter((name) => !old.has(name));
  const removed = [...old.keys()].filter((name) => !after.packages.has(name));
  const changed = [...after.packages].filter(([name, { sha256 }]) => {
    const was = old.get(name);
    return was !== undefined && was.sha256 !== sha256;
  });
  const parts = [
    added.length > 0 && `${added.length} added`,
    changed.length > 0 && `${changed.length} changed (${shortList(changed.map(([name]) => name))})`,
    removed.length > 0 && `${removed.length} removed`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(', ') : 'nothing changed';
}
