import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../../engine/errors.ts';
import { downloadPackages } from './apt-download.ts';
import { aptError, isLocked, reasonWithoutHosts } from './apt-errors.ts';
import { machineMirror, openAptHome } from './apt-home.ts';
import type { AptHome } from './apt-home.ts';
import type { Mirror } from './apt-mirror.ts';
import type { PackageCache } from './cache.ts';
import type {
  Architecture,
  PackageInfo,
  PackageQuery,
  PackageSource,
  RefreshOptions,
} from './port.ts';
import type { RunResult } from './run.ts';
import { field, parseStanzas, requiredField, sourceOf } from './stanza.ts';
import type { Stanza } from './stanza.ts';
import { SUITES } from './suites.ts';
import type { Release, Suite } from './suites.ts';

export interface AptOptions {
  /** Keeps apt's lists; the machine's own apt is read for its mirror and never written to. */
  readonly directory: string;
  readonly cache: PackageCache;
  readonly release?: Release;
  /** Instead of the one that the machine's own apt uses. */
  readonly mirror?: Mirror;
}

/** Debian packages through apt, which checks signatures and hashes; one apt of our own per architecture. */
export function aptSource(options: AptOptions): PackageSource {
  const release = options.release ?? 'trixie';
  const homes = new Map<Architecture, Promise<AptHome>>();
  const refreshed = new Map<Architecture, Promise<readonly string[]>>();
  let mirror: Promise<Mirror> | undefined;

  const home = (architecture: Architecture): Promise<AptHome> => {
    mirror ??= options.mirror ? Promise.resolve(options.mirror) : machineMirror();
    const opened =
      homes.get(architecture) ??
      mirror.then((found) =>
        openAptHome(join(options.directory, `${release}-${architecture}`), architecture, found),
      );
    homes.set(architecture, opened);
    return opened;
  };
  const refreshOne = (architecture: Architecture, how: RefreshOptions) => {
    const running =
      refreshed.get(architecture) ??
      home(architecture).then((apt) => refreshSuites(apt, architecture, SUITES[release], how));
    refreshed.set(architecture, running);
    return running;
  };
  /** An apt that knows packages. */
  const ready = async (architecture: Architecture): Promise<AptHome> => {
    await refreshOne(architecture, {});
    return home(architecture);
  };

  return {
    async refresh(architectures, how = {}) {
      const notes = await Promise.all(architectures.map((name) => refreshOne(name, how)));
      return notes.flat();
    },
    async find(queries, architecture) {
      return findPackages(await ready(architecture), queries);
    },
    async closure(names, architecture) {
      return closureOf(await ready(architecture), names);
    },
    async fetch(packages, architecture, how = {}) {
      await downloadPackages(await ready(architecture), packages, options.cache, how);
    },
  };
}

/** What is wrong here and not with a suite: going on without it would hide that. */
const OWN_TROUBLE: ReadonlySet<string> = new Set(['packages-disk', 'packages-permission']);

/** One suite after the other, so that one that is out of step does not take the others with it. */
async function refreshSuites(
  apt: AptHome,
  architecture: Architecture,
  suites: readonly Suite[],
  { onProgress, signal }: RefreshOptions,
): Promise<readonly string[]> {
  const usable: Suite[] = [];
  const notes: string[] = [];
  let offline = false;
  for (const suite of suites) {
    const what = `${suite.name} ${architecture}`;
    if (offline) {
      // Every further suite would take its time to fail in the same way.
      if (await apt.hasIndex(suite)) usable.push(suite);
      continue;
    }
    onProgress?.(what);
    const result = await updateWhenFree(apt, suite, signal);
    const indexed = await apt.hasIndex(suite);
    if (indexed) usable.push(suite);
    // A suite beside the release may well have nothing in it.
    if (result.code === 0 && (indexed || !suite.required)) continue;
    const error = aptError(`cannot read the package index ${what}`, result);
    if ((suite.required && !indexed) || OWN_TROUBLE.has(error.code)) throw error;
    const kept = indexed ? 'not refreshed, the last one is used' : 'left out';
    notes.push(`package index ${what} ${kept}: ${reasonWithoutHosts(result)}`);
    offline = error.code === 'packages-network';
  }
  await apt.useSuites(usable);
  return notes;
}

/** How long another process may keep an index to itself, and how often to ask again; milliseconds. */
const LOCK_PATIENCE = 120_000;
const LOCK_PAUSE = 250;

async function updateWhenFree(
  apt: AptHome,
  suite: Suite,
  signal: AbortSignal | undefined,
): Promise<RunResult> {
  const end = Date.now() + LOCK_PATIENCE;
  for (;;) {
    const result = await apt.updateSuite(suite, { signal });
    if (!isLocked(result) || Date.now() > end) return result;
    await delay(LOCK_PAUSE, undefined, signal && { signal });
  }
}

async function findPackages(
  apt: AptHome,
  queries: readonly PackageQuery[],
): Promise<readonly (PackageInfo | undefined)[]> {
  if (queries.length === 0) return [];
  for (const { name, version } of queries) checkName(name, version);
  const exact = new Map<string, PackageInfo>();
  const candidate = new Map<string, PackageInfo>();
  const names = [...new Set(queries.map(({ name }) => name))];
  const pinned = queries.some(({ version }) => version !== undefined);
  for (const info of await show(apt, ['--no-all-versions', ...names]))
    candidate.set(info.name, info);
  if (pinned) {
    for (const info of await show(apt, names)) exact.set(`${info.name}=${info.version}`, info);
  }
  return queries.map(({ name, version }) =>
    version === undefined ? candidate.get(name) : exact.get(`${name}=${version}`),
  );
}

/** What apt's index says about packages by name; names it does not know are left out. */
async function show(apt: AptHome, args: readonly string[]): Promise<readonly PackageInfo[]> {
  const result = await apt.run('apt-cache', ['show', ...args]);
  if (result.code !== 0 && !/No packages found|Unable to locate/.test(result.stderr)) {
    throw aptError('apt-cache show', result);
  }
  return parseStanzas(result.stdout).map(packageInfo);
}

/** A stanza of a `Packages` index as package metadata; throws `control-invalid`. */
function packageInfo(stanza: Stanza): PackageInfo {
  const sha256 = requiredField(stanza, 'SHA256');
  const size = Number(requiredField(stanza, 'Size'));
  const name = requiredField(stanza, 'Package');
  if (!/^[0-9a-f]{64}$/.test(sha256) || !Number.isSafeInteger(size) || size <= 0) {
    throw new EngineError('control-invalid', `package index: bad hash or size of ${name}`);
  }
  return {
    name,
    version: requiredField(stanza, 'Version'),
    architecture: requiredField(stanza, 'Architecture'),
    sha256,
    size,
    source: sourceOf(stanza),
    section: field(stanza, 'Section') ?? '',
    priority: field(stanza, 'Priority') ?? '',
    depends: [field(stanza, 'Pre-Depends'), field(stanza, 'Depends')]
      .filter((value) => value !== undefined && value !== '')
      .join(', '),
  };
}

async function closureOf(apt: AptHome, names: readonly string[]): Promise<readonly string[]> {
  if (names.length === 0) return [];
  for (const name of names) checkName(name);
  const result = await apt.run('apt-get', ['install', '-q', '-y', '--simulate', ...names]);
  if (result.code !== 0) {
    const missing = /Unable to locate package (\S+)|Package '?([^\s']+)'? has no installation/.exec(
      result.stderr,
    );
    if (missing || /unmet dependencies|held broken/.test(result.stderr + result.stdout)) {
      const what = missing?.[1] ?? missing?.[2] ?? names.join(' ');
      throw new EngineError('packages-unknown', `Debian has no ${what} with all it depends on`);
    }
    throw aptError('apt-get install --simulate', result);
  }
  const found = [...result.stdout.matchAll(/^Inst (\S+) /gm)].map(([, name = '']) => name);
  return found.map((name) => name.replace(/:.*$/, '')).sort();
}

/** Names go to a command line: nothing that apt could take for an option or a pattern gets there. */
function checkName(name: string, version?: string): void {
  if (
    /^[a-z0-9][a-z0-9+.-]+$/.test(name) &&
    (version === undefined || /^[\w.+:~-]+$/.test(version))
  )
    return;
  throw new EngineError('packages-unknown', `${JSON.stringify(name)} is no name of a package`);
}
