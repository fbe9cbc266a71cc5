import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { type Digest, isDigest } from '../oci/digest.ts';
import { parseManifest } from './documents.ts';
import { eachString, isObject } from '../json.ts';
import { readDocument } from './open.ts';
import { parseIndexRecord } from './record.ts';
import { parseContainers } from '../containers/index-record.ts';

/*
 * Who may delete blobs, and when. A build, load or pull puts blobs first and refers to them from an
 * image or a cache record last; in between they look like garbage. So:
 * - whoever stores blobs holds a lease (`keepingBlobs`), renewed while it works;
 * - garbage is collected only while nobody holds one, and leases wait until the collection is over.
 * Both are entries of one record, changed atomically, so that this holds between processes. Both
 * run out, so that a process that was killed blocks nobody for long.
 * Whoever cannot collect now leaves the garbage to the next one: each collection sweeps everything.
 */
const KEY = 'blobs';
const LEASE_MS = 5 * 60_000;
const RENEW_MS = 60_000;
const COLLECTING_MS = 60_000;
const RETRY_MS = 20;
const MAX_RETRIES = 10_000;

interface Leases {
  readonly writers: Readonly<Record<string, number>>;
  readonly collector?: { readonly id: string; readonly until: number };
}

/** Runs `work` while no blob is deleted, here or in another process. May be nested. Errors: `store-busy`. */
export async function keepingBlobs<T>(engine: Engine, work: () => Promise<T>): Promise<T> {
  const id = engine.platform.randomHex(16);
  await takeLease(engine, id);
  const renewal = setInterval(() => {
    // A renewal that fails shows in the next store operation of the work itself.
    writer(engine, id, LEASE_MS).catch(() => undefined);
  }, RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await writer(engine, id, undefined);
  }
}

/**
 * Deletes every blob that no image, container, volume and cache record refers to, and says how many bytes that
 * were. Undefined when somebody is storing blobs just now: what they leave goes the next time.
 */
export async function collectGarbage(
  engine: Engine,
): Promise<{ readonly bytes: number } | undefined> {
  const id = engine.platform.randomHex(16);
  if (!(await collect(engine, id))) return undefined;
  try {
    const kept = await referenced(engine);
    let bytes = 0;
    let renewed = engine.platform.now();
    for await (const { digest, size } of engine.store.blobs.list()) {
      if (kept.has(digest)) continue;
      if (engine.platform.now() - renewed > COLLECTING_MS / 4) {
        if (!(await collect(engine, id))) break;
        renewed = engine.platform.now();
      }
      await engine.store.blobs.delete(digest);
      bytes += size;
    }
    return { bytes };
  } finally {
    await change(engine, ({ collector, ...rest }) =>
      collector && collector.id !== id ? { ...rest, collector } : rest,
    );
  }
}

/**
 * Digests that must stay: of every image its manifest, config and layers, also when only a
 * container has it, and all that containers, volumes and the build cache name.
 */
async function referenced(engine: Engine): Promise<ReadonlySet<Digest>> {
  const kept = new Set<Digest>();
  for (const image of parseIndexRecord(await engine.store.records.get('images', 'index'))) {
    kept.add(image.id);
    kept.add(image.manifest.digest);
    for (const digest of await layersOf(engine, image.manifest.digest)) kept.add(digest);
  }
  for (const space of ['cache', 'containers', 'volumes'] as const) {
    for await (const key of engine.store.records.keys(space)) {
      if (isDigest(key)) kept.add(key);
      eachString(await engine.store.records.get(space, key), (text) => {
        if (isDigest(text)) kept.add(text);
      });
    }
  }
  // A container outlives its image's record, and needs its layers.
  const containers = parseContainers(await engine.store.records.get('containers', 'index'));
  for (const { manifest } of containers) {
    for (const digest of await layersOf(engine, manifest)) kept.add(digest);
  }
  return kept;
}

/** Of an image whose manifest is lost, none: nobody can read its layers any more. */
async function layersOf(engine: Engine, manifest: Digest): Promise<readonly Digest[]> {
  try {
    const bytes = await readDocument(engine, manifest);
    return parseManifest(bytes).layers.map(({ digest }) => digest);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'blob-missing') return [];
    throw error;
  }
}

async function takeLease(engine: Engine, id: string): Promise<void> {
  for (let attempt = 0; attempt < MAX_RETRIES; attempt++) {
    if (await writer(engine, id, LEASE_MS)) return;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new EngineError('store-busy', 'the store is being cleaned up by another process', {
    hint: 'Try again in a minute.',
  });
}

/** Takes, renews or (undefined) gives back a lease; false when a collection is under way. */
async function writer(engine: Engine, id: string, lasts: number | undefined): Promise<boolean> {
  let granted = false;
  await change(engine, (leases, now) => {
    const { [id]: mine, ...others } = leases.writers;
    granted = lasts === undefined || mine !== undefined || leases.collector === undefined;
    if (!granted) return leases;
    return { ...leases, writers: lasts === undefined ? others : { ...others, [id]: now + lasts } };
  });
  return granted;
}

/** Begins or renews a collection; false when somebody stores or another one collects. */
async function collect(engine: Engine, id: string): Promise<boolean> {
  let granted = false;
  await change(engine, (leases, now) => {
    const free = leases.collector === undefined || leases.collector.id === id;
    granted = free && Object.keys(leases.writers).length === 0;
    return granted ? { ...leases, collector: { id, until: now + COLLECTING_MS } } : leases;
  });
  return granted;
}

/** Changes the record; `next` sees no lease that has run out. */
async function change(
  engine: Engine,
  next: (leases: Leases, now: number) => Leases,
): Promise<void> {
  const now = engine.platform.now();
  await engine.store.records.update('leases', KEY, (old) => {
    const { writers, collector } = next(live(old, now), now);
    const empty = Object.keys(writers).length === 0 && !collector;
    return empty ? undefined : { writers, ...(collector && { collector }) };
  });
}

/** What the record says, without what has run out; a record that makes no sense holds nobody up. */
function live(value: unknown, now: number): Leases {
  if (!isObject(value)) return { writers: {} };
  const { writers, collector } = value;
  const running = Object.entries(isObject(writers) ? writers : {}).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > now,
  );
  const collecting =
    isObject(collector) &&
    typeof collector['id'] === 'string' &&
    typeof collector['until'] === 'number' &&
    collector['until'] > now
      ? { id: collector['id'], until: collector['until'] }
      : undefined;
  return { writers: Object.fromEntries(running), ...(collecting && { collector: collecting }) };
}
