import { followIn } from '../build/follow.ts';
import { entriesOfTree } from '../build/tree-entries.ts';
import { collect } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { contentOf } from '../layer/content.ts';
import type { Entry } from '../layer/entry.ts';
import { isWithin, joinPath, rootedPath } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';
import { emitContainerEvent } from './container-event.ts';
import { assertsDirectory, splitPath } from './copy-plan.ts';
import { extracted } from './extract.ts';
import { mountAt, mountedView } from './mounted-view.ts';
import type { ContainerRecord } from './record.ts';
import { changeContainer } from './roots.ts';
import { liveContainer } from './running.ts';
import { resolveUser } from './user.ts';
import { changeVolume } from './volume-trees.ts';

/** Something in a container that a path leads to. */
export interface Found {
  /** As in `Entry`, the way to it followed. */
  readonly path: string;
  readonly entry: Entry;
}

/**
 * What a path in a container means to Docker: links on the way are followed, inside the container's
 * root only, and a last one only where a slash or `/.` behind it asks for its directory.
 * Errors: `container-file-missing`, in Docker's words.
 */
export function statPath(tree: FileTree, record: ContainerRecord, path: string): Found {
  const get = (at: string): Entry | undefined => tree.get(at)?.entry;
  const asserts = assertsDirectory(path);
  const found = followIn(get, path, { last: asserts });
  if (!found.entry) throw missing(path, record);
  if (asserts && found.entry.type !== 'dir') {
    throw new EngineError('container-file-missing', `lstat ${path}: not a directory`);
  }
  return { path: found.path, entry: found.entry };
}

/** Where a link leads in the end, whether something is there or not. */
export function followLink(
  tree: FileTree,
  path: string,
): { readonly path: string; readonly entry: Entry | undefined } {
  return followIn((at) => tree.get(at)?.entry, path);
}

/** That nothing is at a path, as Docker's daemon says it. */
export function missing(path: string, { name }: ContainerRecord): EngineError {
  return new EngineError(
    'container-file-missing',
    `Could not find the file ${path} in container ${name}`,
  );
}

/** A file, or a directory with all that is in it, under a name of one's choice; '' for the content alone. */
export function archiveOf(tree: FileTree, path: string, name: string): readonly Entry[] {
  const top = tree.get(path)?.entry;
  if (!top) return [];
  if (top.type !== 'dir') return [{ ...top, path: name }];
  const rename = (inner: string): string =>
    joinPath(name, inner.slice(path.length).replace(/^\//, ''));
  const inside = entriesOfTree(tree, (entry) => entry.path !== path && isWithin(entry.path, path));
  const moved = inside
    .filter((entry) => entry.path !== path && isWithin(entry.path, path))
    .map((entry) => ({
      ...entry,
      path: rename(entry.path),
      ...(entry.type === 'hardlink' && { target: rename(entry.target ?? '') }),
    }));
  return [{ ...top, path: name }, ...moved];
}

/**
 * Unpacks entries (paths relative, not cleaned) in a directory of a container, running or not: into
 * its root, and into the volumes that are there. Durable when it resolves. `asUser`: everything
 * belongs to the container's user. Errors: `container-file-missing`, `container-read-only`,
 * `copy-conflict`, `path-escape`, those of `changeContainer`.
 */
export async function copyIn(
  engine: Engine,
  record: ContainerRecord,
  copy: {
    readonly directory: string;
    readonly entries: readonly Entry[];
    readonly asUser: boolean;
  },
): Promise<void> {
  const view = await mountedView(engine, record);
  const directory = directoryOf(view, record, copy.directory);
  checkWritable(record, directory);
  const user = record.config.User ?? '';
  const owner = copy.asUser && user !== '' ? await resolveUser(view, user) : undefined;
  const layer = extracted(view, {
    directory,
    entries: await kept(engine, record, copy.entries),
    now: engine.platform.now(),
    ...(owner && { owner }),
  });
  const own: Entry[] = [];
  const volumes = new Map<string, Entry[]>();
  for (const entry of layer) {
    // Directories above what was written are in a layer, but nothing was done to them.
    if (entry.type === 'dir' && view.get(entry.path)?.entry === entry) continue;
    const at = mountAt(record, entry.path);
    if (at?.mount.type !== 'volume') own.push(entry);
    else
      volumes.set(at.mount.name, [
        ...(volumes.get(at.mount.name) ?? []),
        moved(entry, at.inside, record),
      ]);
  }
  if (own.length > 0) await changeContainer(engine, record, () => own);
  for (const [name, entries] of volumes) await changeVolume(engine, name, () => entries);
  emitContainerEvent(engine, record, 'extract-to-dir');
}

function moved(entry: Entry, path: string, record: ContainerRecord): Entry {
  if (entry.type !== 'hardlink') return { ...entry, path };
  return { ...entry, path, target: mountAt(record, entry.target ?? '')?.inside ?? '' };
}

function directoryOf(view: FileTree, record: ContainerRecord, path: string): string {
  const found = followLink(view, path);
  if (!found.entry) throw missing(path, record);
  if (found.entry.type === 'dir') return found.path;
  throw new EngineError('container-file-missing', 'extraction point is not a directory');
}

function checkWritable(record: ContainerRecord, directory: string): void {
  const mount = mountAt(record, directory)?.mount;
  if (mount?.type === 'bind') {
    throw new EngineError(
      'container-read-only',
      `/${rootedPath(directory)} is bound to ${mount.shown}: copy the files there`,
    );
  }
  if (mount?.type === 'volume' && mount.readOnly) {
    throw new EngineError('container-read-only', 'mounted volume is marked read-only');
  }
  if (mount?.type !== 'volume' && record.host.readOnlyRoot) {
    throw new EngineError('container-read-only', 'container rootfs is marked read-only');
  }
}

/** What a running container gets, or a volume that one may have, must not be a file that somebody may change. */
async function kept(
  engine: Engine,
  record: ContainerRecord,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  const hasVolumes = record.mounts.some(({ type }) => type === 'volume');
  if (!hasVolumes && !liveContainer(engine, record.id)) return entries;
  return Promise.all(
    entries.map(async (entry) =>
      entry.content
        ? { ...entry, content: contentOf(await collect(entry.content.stream())) }
        : entry,
    ),
  );
}

/** The name that a path has as the source of a copy: what it was called, not what a link led to. */
export function sourceName(path: string): string {
  const { name } = splitPath(path);
  return name === '.' || name === '/' ? '' : name;
}
