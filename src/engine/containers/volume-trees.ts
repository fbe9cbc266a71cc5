import { entriesOfTree } from '../build/tree-entries.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { collectGarbage, keepingBlobs } from '../images/garbage.ts';
import type { Entry } from '../layer/entry.ts';
import { emptyTree } from '../layer/file-tree.ts';
import { openLayer } from '../layer/open.ts';
import { isWithin } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';
import { writeLayer } from '../layer/write.ts';
import { MEDIA } from '../oci/media-types.ts';
import type { ProcessHost, WritableTree } from '../process/host.ts';
import type { Held } from '../store/port.ts';
import { openBlob } from '../store/layered.ts';
import type { VolumeRecord } from './record.ts';
import { changeVolumes, findVolume } from './volumes.ts';

/** How often a volume in use is saved, when something was written. */
const SAVE_MS = 5000;
/** Every save leaves the one before as garbage; after so many it is collected. */
const SAVES_PER_COLLECTION = 16;

/** A volume in use: the same tree for everybody in this engine who holds it. */
export interface HeldVolume {
  readonly tree: WritableTree;
  /** To be called once. With the last one the volume is saved; resolves when it is. */
  release(): Promise<void>;
}

interface Live {
  users: number;
  readonly opened: Promise<Opened>;
}

interface Opened {
  readonly tree: WritableTree;
  readonly hold: Held;
  readonly timer: ReturnType<typeof setInterval>;
  /** What `tree.version()` was when it was last saved. */
  saved: number;
  saves: number;
  /** The save under way, and those before it. */
  saving: Promise<void>;
}

const engines = new WeakMap<Engine, Map<string, Live>>();
/** Volumes that are being let go: who wants one again waits. */
const closing = new WeakMap<Engine, Map<string, Promise<void>>>();

/**
 * Opens a volume to be written to, or joins those who have it open; it is saved every few seconds
 * while it changes, and when the last one lets go. Errors: `volume-unknown`, `volume-busy` (another
 * process has it open), those of opening a layer.
 */
export async function holdVolume(
  engine: Engine,
  host: ProcessHost,
  name: string,
): Promise<HeldVolume> {
  for (let wait = of(closing, engine).get(name); wait; wait = of(closing, engine).get(name)) {
    await wait;
  }
  const volumes = of(engines, engine);
  let live = volumes.get(name);
  if (!live) {
    live = { users: 0, opened: open(engine, host, name) };
    volumes.set(name, live);
  }
  live.users += 1;
  try {
    const { tree } = await live.opened;
    return { tree, release: once(() => release(engine, name, live)) };
  } catch (error) {
    if (volumes.get(name) === live) volumes.delete(name);
    throw error;
  }
}

/** What is in a volume now, whether it is in use or not. Errors: `volume-unknown`. */
export async function volumeView(engine: Engine, name: string): Promise<FileTree> {
  const live = of(engines, engine).get(name);
  if (live) return (await live.opened).tree.view();
  return emptyTree.apply(await savedEntries(engine, await known(engine, name)));
}

/**
 * Changes what is in a volume: in the tree that containers use, or in what is saved. `make` gets what
 * is in it now. Errors: `volume-unknown`, `volume-busy`.
 */
export async function changeVolume(
  engine: Engine,
  name: string,
  make: (now: FileTree) => Iterable<Entry>,
): Promise<void> {
  const live = of(engines, engine).get(name);
  if (live) {
    const { tree } = await live.opened;
    await tree.apply(make(await tree.view()));
    return;
  }
  const hold = await take(engine, name);
  try {
    const now = emptyTree.apply(await savedEntries(engine, await known(engine, name)));
    const next = now.apply(make(now));
    await keepingBlobs(engine, () => store(engine, name, contentOf(next)));
  } finally {
    await hold.release();
  }
}

/**
 * Docker's rule for a volume over a directory of an image: one with nothing in it gets the
 * directory's content, owner and mode. Not for binds, nor with `volume-nocopy`. Nothing happens when
 * the directory is missing or is none.
 */
export async function fillVolume(
  engine: Engine,
  name: string,
  image: FileTree,
  directory: string,
): Promise<void> {
  const source = image.resolve(directory);
  if (source === undefined || image.get(source)?.entry.type !== 'dir') return;
  if ((await volumeView(engine, name)).size > 0) return;
  await changeVolume(engine, name, (now) => (now.size > 0 ? [] : below(image, source)));
}

/** Bytes of the files in a volume. */
export async function volumeSize(engine: Engine, name: string): Promise<number> {
  let bytes = 0;
  const seen = new Set<number>();
  for (const { entry, inode } of (await volumeView(engine, name)).walk()) {
    if (!seen.has(inode)) bytes += entry.size;
    seen.add(inode);
  }
  return bytes;
}

async function open(engine: Engine, host: ProcessHost, name: string): Promise<Opened> {
  const hold = await take(engine, name);
  try {
    const volume = await known(engine, name);
    await changeVolumes(engine, (volumes) =>
      volumes.map((one) => (one.name === name ? { ...one, opened: one.content } : one)),
    );
    const tree = host.writable(emptyTree, await savedEntries(engine, volume));
    const opened: Opened = {
      tree,
      hold,
      timer: setInterval(() => {
        // One that fails is tried again with the next; the last one is reported.
        saveSoon(engine, name, opened).catch(() => undefined);
      }, SAVE_MS),
      saved: tree.version(),
      saves: 0,
      saving: Promise.resolve(),
    };
    return opened;
  } catch (error) {
    await hold.release();
    throw error;
  }
}

async function release(engine: Engine, name: string, live: Live): Promise<void> {
  live.users -= 1;
  if (live.users > 0) return;
  const opened = await live.opened;
  of(engines, engine).delete(name);
  const done = (async () => {
    clearInterval(opened.timer);
    try {
      await opened.saving.catch(() => undefined);
      await save(engine, name, opened);
      await changeVolumes(engine, (volumes) =>
        volumes.map((one) => (one.name === name ? { ...one, opened: undefined } : one)),
      );
    } finally {
      await opened.hold.release();
      of(closing, engine).delete(name);
    }
  })();
  of(closing, engine).set(
    name,
    done.catch(() => undefined),
  );
  await done;
}

function saveSoon(engine: Engine, name: string, opened: Opened): Promise<void> {
  if (opened.tree.version() === opened.saved) return opened.saving;
  opened.saving = opened.saving.catch(() => undefined).then(() => save(engine, name, opened));
  return opened.saving;
}

async function save(engine: Engine, name: string, opened: Opened): Promise<void> {
  const before = opened.tree.version();
  const entries = await opened.tree.changes();
  // What processes wrote may only have arrived with this.
  if (opened.tree.version() === opened.saved) return;
  await keepingBlobs(engine, () => store(engine, name, entries));
  opened.saved = before;
  opened.saves += 1;
  if (opened.saves % SAVES_PER_COLLECTION === 0) await collectGarbage(engine);
}

async function store(engine: Engine, name: string, entries: readonly Entry[]): Promise<void> {
  const { diffId } = await writeLayer(engine, entries);
  await changeVolumes(engine, (volumes) =>
    volumes.map((volume) => (volume.name === name ? { ...volume, content: diffId } : volume)),
  );
}

async function savedEntries(engine: Engine, { content }: VolumeRecord): Promise<readonly Entry[]> {
  if (!content) return [];
  const blob = await openBlob(engine, content);
  const descriptor = { mediaType: MEDIA.ociLayer, digest: content, size: blob.size };
  return (await openLayer(engine, blob, descriptor, content)).entries;
}

async function known(engine: Engine, name: string): Promise<VolumeRecord> {
  const volume = await findVolume(engine, name);
  if (volume) return volume;
  throw new EngineError('volume-unknown', `get ${name}: no such volume`);
}

async function take(engine: Engine, name: string): Promise<Held> {
  const hold = await engine.store.holds.take(`volume-${name}`);
  if (hold) return hold;
  throw new EngineError('volume-busy', `volume ${name} is in use by another process`, {
    hint: 'Stop the containers that use it there, or use another volume.',
  });
}

/** A whole tree as the entries of a layer, with the root's own owner and mode. */
function contentOf(tree: FileTree): readonly Entry[] {
  const root = tree.get('')?.entry;
  return [...(root ? [root] : []), ...entriesOfTree(tree)];
}

/** What is below a directory, as if the directory were the root. */
function below(tree: FileTree, directory: string): readonly Entry[] {
  const root = tree.get(directory)?.entry;
  const inside = entriesOfTree(
    tree,
    ({ path }) => path !== directory && isWithin(path, directory),
  ).filter(({ path }) => path !== directory && isWithin(path, directory));
  const cut = (path: string): string =>
    directory === '' ? path : path.slice(directory.length + 1);
  const moved = inside.map((entry) => ({
    ...entry,
    path: cut(entry.path),
    ...(entry.type === 'hardlink' && { target: cut(entry.target ?? '') }),
  }));
  return [...(root ? [{ ...root, path: '' }] : []), ...moved];
}

function of<T>(map: WeakMap<Engine, Map<string, T>>, engine: Engine): Map<string, T> {
  const found = map.get(engine) ?? new Map<string, T>();
  map.set(engine, found);
  return found;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
