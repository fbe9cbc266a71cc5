import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { keepingBlobs } from '../images/garbage.ts';
import type { Entry } from '../layer/entry.ts';
import { openLayer } from '../layer/open.ts';
import type { FileTree } from '../layer/tree.ts';
import { writeLayer } from '../layer/write.ts';
import { MEDIA } from '../oci/media-types.ts';
import type { ProcessHost, WritableTree } from '../process/host.ts';
import { openBlob } from '../store/layered.ts';
import { baseTree } from './base-tree.ts';
import { hostOf } from './host.ts';
import { elsewhereError, engineId } from './owner.ts';
import type { ContainerRecord } from './record.ts';
import { updateContainer } from './registry.ts';
import { liveContainer } from './running.ts';

/**
 * What a container changed, as the entries of a layer: now, when it runs here; as last saved, when
 * it is stopped or another process runs it.
 */
export async function containerChanges(
  engine: Engine,
  record: ContainerRecord,
): Promise<readonly Entry[]> {
  const live = liveContainer(engine, record.id);
  return live ? live.root.changes() : savedChanges(engine, record);
}

/** A container's file system without its mounts, as of when `containerChanges` is. */
export async function containerView(engine: Engine, record: ContainerRecord): Promise<FileTree> {
  const live = liveContainer(engine, record.id);
  if (live) return live.root.view();
  return (await baseTree(engine, record)).apply(await savedChanges(engine, record));
}

/**
 * Puts entries into a container's file system, running or not; durable when it resolves. `make` gets
 * how it looks now. Errors: `container-elsewhere`, `container-busy`.
 */
export async function changeContainer(
  engine: Engine,
  record: ContainerRecord,
  make: (now: FileTree) => Iterable<Entry>,
): Promise<void> {
  const live = liveContainer(engine, record.id);
  if (live) {
    await live.root.apply(make(await live.root.view()));
    await live.save();
    return;
  }
  const { owner } = record.state;
  if (owner !== undefined && owner !== engineId(engine)) {
    throw elsewhereError(record.name, 'change');
  }
  await keepingBlobs(engine, async () => {
    const root = await openRoot(engine, hostOf(engine), record);
    await root.apply(make(await root.view()));
    const { diffId } = await writeLayer(engine, await root.changes());
    await updateContainer(engine, record.id, (now) => {
      if (now.changes !== record.changes || now.state.owner !== undefined) {
        throw new EngineError('container-busy', `container ${record.name} is being changed`, {
          hint: 'Try again.',
        });
      }
      return { ...now, changes: diffId };
    });
  });
}

/** A file system for a container that is to run: what it changed before is in it. */
export async function openRoot(
  engine: Engine,
  host: ProcessHost,
  record: ContainerRecord,
): Promise<WritableTree> {
  return host.writable(await baseTree(engine, record), await savedChanges(engine, record));
}

async function savedChanges(
  engine: Engine,
  { changes }: ContainerRecord,
): Promise<readonly Entry[]> {
  if (!changes) return [];
  const blob = await openBlob(engine, changes);
  const descriptor = { mediaType: MEDIA.ociLayer, digest: changes, size: blob.size };
  return (await openLayer(engine, blob, descriptor, changes)).entries;
}
