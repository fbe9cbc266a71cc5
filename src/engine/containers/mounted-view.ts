import { entriesOfTree } from '../build/tree-entries.ts';
import type { Engine } from '../engine.ts';
import { contentOf } from '../layer/content.ts';
import type { Entry } from '../layer/entry.ts';
import { isWithin, joinPath, rootedPath } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';
import { etcFiles } from './etc-files.ts';
import type { ContainerMount, ContainerRecord } from './record.ts';
import { listContainers } from './registry.ts';
import { containerView } from './roots.ts';
import { isRunning } from './state.ts';
import { volumeView } from './volume-trees.ts';

/**
 * A container's files as its processes see them: its volumes and the files in /etc that are made for
 * it, too; what is bound from outside and what is only in memory are not there, as in Docker's `cp`.
 */
export async function mountedView(engine: Engine, record: ContainerRecord): Promise<FileTree> {
  let view = await containerView(engine, record);
  for (const mount of record.mounts) {
    if (mount.type !== 'volume') continue;
    view = graft(view, await volumeView(engine, mount.name), rootedPath(mount.target));
  }
  const shared = await networkOwner(engine, record);
  return view.apply(
    etcFiles(record, shared ?? record, (shared ?? record).joined).flatMap(
      (mount): readonly Entry[] => {
        if (mount.kind !== 'file') return [];
        const { mode, uid, gid, content } = mount;
        const path = rootedPath(mount.target);
        const mtime = view.get(path)?.entry.mtime ?? 0;
        const file = { mode, uid, gid, mtime, size: content.length, content: contentOf(content) };
        return [{ type: 'file', path, ...file }];
      },
    ),
  );
}

/** The container whose network it has, when that is another one's that runs. */
async function networkOwner(
  engine: Engine,
  { host }: ContainerRecord,
): Promise<ContainerRecord | undefined> {
  const [, name] = /^container:(.*)$/.exec(host.networkMode) ?? [];
  if (name === undefined) return undefined;
  return (await listContainers(engine)).find(
    (other) => isRunning(other) && (other.id === name || other.name === name),
  );
}

/** The innermost mount that a path (followed, as in `Entry`) is in, and where in it. */
export function mountAt(
  { mounts }: ContainerRecord,
  path: string,
): { readonly mount: ContainerMount; readonly inside: string } | undefined {
  const [mount] = mounts
    .filter(({ target }) => isWithin(path, rootedPath(target)))
    .toSorted((a, b) => b.target.length - a.target.length);
  if (!mount) return undefined;
  return { mount, inside: path.slice(rootedPath(mount.target).length).replace(/^\//, '') };
}

function graft(tree: FileTree, part: FileTree, at: string): FileTree {
  const root = part.get('')?.entry;
  const moved = entriesOfTree(part).map((entry) => ({
    ...entry,
    path: joinPath(at, entry.path),
    ...(entry.type === 'hardlink' && { target: joinPath(at, entry.target ?? '') }),
  }));
  const gone: Entry = { type: 'opaque', path: at, mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 };
  return tree.apply([gone, ...(root ? [{ ...root, path: at }] : []), ...moved]);
}
