import type { Engine } from '../engine.ts';
import { isObject } from '../json.ts';
import type { Entry } from '../layer/entry.ts';
import { emptyTree } from '../layer/file-tree.ts';
import { openLayer } from '../layer/open.ts';
import type { FileTree } from '../layer/tree.ts';
import { writeLayer } from '../layer/write.ts';
import { type Digest, isDigest } from '../oci/digest.ts';
import { MEDIA } from '../oci/media-types.ts';
import type { ProcessHost, WritableTree } from '../process/host.ts';
import { cacheKey } from './cache.ts';
import { entriesOfTree } from './tree-entries.ts';

/*
 * Directories of `RUN --mount=type=cache`: kept from build to build, in the store as layers that
 * a record of the space `cache` names, so that `docker builder prune` forgets them with the rest.
 * While a process uses one it is a writable tree, shared by all that may use it at the same time.
 */

export interface CacheMountRequest {
  /** The mount's `id`, and what it was filled from, if from anything. */
  readonly id: readonly string[];
  readonly sharing: 'shared' | 'private' | 'locked';
  /** What a new one holds: the root's own entry first. */
  readonly seed: () => readonly Entry[];
}

export interface HeldCacheMount {
  readonly tree: WritableTree;
  /** To be called once, when the process has ended. Resolves when what it left is in the store. */
  release(): Promise<void>;
}

/** One directory. Private use of an ID makes more of them. */
interface Slot {
  readonly key: string;
  users: number;
  exclusive: boolean;
  opened: Promise<Opened> | undefined;
}

interface Opened {
  readonly tree: WritableTree;
  readonly layers: readonly Digest[];
}

interface Pool {
  readonly slots: Slot[];
  waiting: (() => void)[];
}

/** With more layers than this, all of it is written anew as one. */
const MOST_LAYERS = 8;

const engines = new WeakMap<Engine, Map<string, Pool>>();

/**
 * Takes a cache directory, or waits for it: `locked` waits until nobody has it, `private` takes
 * another one, `shared` joins. Rejects with the signal's reason when it is aborted meanwhile.
 */
export async function holdCacheMount(
  engine: Engine,
  host: ProcessHost,
  request: CacheMountRequest,
  signal: AbortSignal,
): Promise<HeldCacheMount> {
  const pool = poolOf(engine, cacheKey(engine.platform, ['cache mount', ...request.id]));
  let slot = pick(engine, pool, request);
  while (!slot) {
    await new Promise<void>((resolve) => pool.waiting.push(resolve));
    signal.throwIfAborted();
    slot = pick(engine, pool, request);
  }
  const taken = slot;
  taken.users += 1;
  taken.exclusive = request.sharing !== 'shared';
  taken.opened ??= open(engine, host, taken.key, request.seed);
  const { tree } = await taken.opened;
  return { tree, release: () => release(engine, pool, taken) };
}

function poolOf(engine: Engine, id: string): Pool {
  const pools = engines.get(engine) ?? new Map<string, Pool>();
  engines.set(engine, pools);
  const pool = pools.get(id) ?? { slots: [newSlot(id)], waiting: [] };
  pools.set(id, pool);
  return pool;
}

function newSlot(key: string): Slot {
  return { key, users: 0, exclusive: false, opened: undefined };
}

function pick(engine: Engine, { slots }: Pool, { sharing }: CacheMountRequest): Slot | undefined {
  const [first] = slots;
  if (!first) throw new Error('a cache mount without a directory');
  if (sharing !== 'private') {
    const free = first.users === 0 || (sharing === 'shared' && !first.exclusive);
    return free ? first : undefined;
  }
  const idle = slots.find(({ users }) => users === 0);
  if (idle) return idle;
  const more = newSlot(cacheKey(engine.platform, [first.key, slots.length]));
  slots.push(more);
  return more;
}

async function open(
  engine: Engine,
  host: ProcessHost,
  key: string,
  seed: () => readonly Entry[],
): Promise<Opened> {
  const layers = layersOf(await engine.store.records.get('cache', key));
  let lower: FileTree | undefined = layers.length > 0 ? emptyTree : undefined;
  for (const digest of layers) {
    const blob = await engine.store.blobs.open(digest);
    if (!blob) lower = undefined;
    if (!blob || !lower) break;
    const descriptor = { mediaType: MEDIA.ociLayer, digest, size: blob.size };
    lower = lower.apply((await openLayer(engine, blob, descriptor, digest)).entries);
  }
  if (lower) return { tree: host.writable(lower), layers };
  return { tree: host.writable(emptyTree, seed()), layers: [] };
}

async function release(engine: Engine, pool: Pool, slot: Slot): Promise<void> {
  try {
    if (slot.users === 1 && slot.opened) await save(engine, slot.key, await slot.opened);
  } finally {
    slot.users -= 1;
    if (slot.users === 0) {
      slot.exclusive = false;
      // Read again by who comes next: another process may have saved it meanwhile.
      slot.opened = undefined;
    }
    for (const resume of pool.waiting.splice(0)) resume();
  }
}

async function save(engine: Engine, key: string, { tree, layers }: Opened): Promise<void> {
  const entries = await tree.changes();
  if (entries.length === 0) return;
  const whole = layers.length >= MOST_LAYERS ? await tree.view() : undefined;
  const root = whole?.get('')?.entry;
  const written = whole ? [...(root ? [root] : []), ...entriesOfTree(whole)] : entries;
  const { diffId } = await writeLayer(engine, written);
  const record = { mount: whole ? [diffId] : [...layers, diffId] };
  await engine.store.records.update('cache', key, () => record);
}

/** A record that makes no sense is none. */
function layersOf(record: unknown): readonly Digest[] {
  const layers = isObject(record) ? record['mount'] : undefined;
  if (!Array.isArray(layers)) return [];
  const digests = layers.filter((one): one is Digest => typeof one === 'string' && isDigest(one));
  return digests.length === layers.length ? digests : [];
}
