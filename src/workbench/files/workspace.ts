import type { FileTree } from '../../engine/layer/tree.ts';
import { FileError } from '../../machine/files/errno.ts';
import { type FileNode, FORMAT } from '../../machine/files/node.ts';
import { WorkbenchFailure } from '../failure.ts';
import type { KeptFile, KeptFiles } from './kept.ts';
import { namesOf } from './paths.ts';
import { find, keptOf, memoryTree, now, overwrite, put, removeAll, walk } from './tree.ts';
import { watched } from './watched-node.ts';

/**
 * The learner's files, in memory: the guest has them mounted, the page changes them, and each sees
 * what the other does at once. Paths are relative, with `/`. What fails throws WorkbenchFailure
 * `file-missing`, `file-exists`, `is-a-folder`, `not-a-folder`, `path-invalid`, `workspace-full`.
 */
export interface Workspace {
  /** What the machine mounts: the same node whatever is in it. */
  readonly root: FileNode;
  /** Makes folders on the way. A file that is there stays the same file, with its mode. */
  write(path: string, bytes: Uint8Array): void;
  makeFolder(path: string): void;
  /** A symlink, in place of a file or link that is there. */
  link(path: string, target: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Everything that was there goes, and these come. */
  replace(files: KeptFiles): void;
  /** Of everything that is there. */
  paths(): readonly string[];
  /** As it is now, unchanging. */
  view(): Promise<FileTree>;
  /**
   * What differs from the last call, or from what `replace` put there: what is to be kept of it,
   * undefined where nothing is any more. Cheap when nothing changed.
   */
  changes(): ReadonlyMap<string, KeptFile | undefined>;
  /** Calls back soon after a change, whoever made it, in the turn of the change itself. */
  onTouch(listener: () => void): void;
}

export function openWorkspace(options: { readonly capacity?: number } = {}): Workspace {
  const tree = memoryTree(options.capacity);
  const listeners: (() => void)[] = [];
  const dirty = new Set<number>();
  let touched = false;
  /** By path: which file was there at the last look. */
  let seen: ReadonlyMap<string, number> = new Map();

  const touch = (): void => {
    touched = true;
    for (const listener of listeners) listener();
  };
  const root = watched(tree.root, {
    changed(id) {
      dirty.add(id);
      touch();
    },
    renamed: touch,
  });

  /** The directory of a path and the last name of it; made on the way when asked to. */
  function parentOf(
    path: string,
    make: boolean,
  ): { readonly parent: FileNode; readonly name: string } {
    const names = [...namesOf(path)];
    const name = names.pop() ?? '';
    let parent = root;
    for (const one of names) {
      let next = now(parent.lookup(one));
      if (!next && make) {
        put(parent, one, { kind: 'dir', mode: 0o755 });
        next = now(parent.lookup(one));
      }
      if (!next) throw missing(path);
      if (next.format !== FORMAT.directory) {
        throw new WorkbenchFailure('not-a-folder', `${one} in ${path} is not a folder`);
      }
      parent = next;
    }
    return { parent, name };
  }

  function add(parent: FileNode, name: string, path: string, file: KeptFile): void {
    try {
      withinSpace(path, () => {
        put(parent, name, file);
      });
    } catch (error) {
      // Half of it is worse than none.
      if (now(parent.lookup(name))) removeAll(parent, name);
      throw error;
    }
  }

  return {
    root,
    write(path, bytes) {
      const { parent, name } = parentOf(path, true);
      const there = now(parent.lookup(name));
      if (there?.format === FORMAT.directory) throw isFolder(path);
      if (there?.format === FORMAT.file) {
        withinSpace(path, () => {
          overwrite(there, bytes);
        });
        return;
      }
      // A link, or what is no file at all, is replaced: writing through it might leave the workspace.
      if (there) removeAll(parent, name);
      add(parent, name, path, { kind: 'file', bytes, mode: 0o644, mtime: Date.now() / 1000 });
    },
    makeFolder(path) {
      const { parent, name } = parentOf(path, true);
      const there = now(parent.lookup(name));
      if (there?.format === FORMAT.directory) return;
      if (there) throw exists(path);
      add(parent, name, path, { kind: 'dir', mode: 0o755 });
    },
    link(path, target) {
      const { parent, name } = parentOf(path, true);
      const there = now(parent.lookup(name));
      if (there?.format === FORMAT.directory) throw isFolder(path);
      if (there) removeAll(parent, name);
      add(parent, name, path, { kind: 'symlink', target });
    },
    rename(from, to) {
      const old = parentOf(from, false);
      const node = now(old.parent.lookup(old.name));
      if (!node) throw missing(from);
      if (from === to) return;
      if (`${to}/`.startsWith(`${from}/`)) {
        throw new WorkbenchFailure('path-invalid', `${to} is inside of ${from}`);
      }
      const target = parentOf(to, true);
      if (now(target.parent.lookup(target.name))) throw exists(to);
      now(old.parent.rename(old.name, target.parent, target.name));
    },
    remove(path) {
      const { parent, name } = parentOf(path, false);
      if (!now(parent.lookup(name))) throw missing(path);
      removeAll(parent, name);
    },
    replace(files) {
      for (const { name } of now(root.list())) removeAll(root, name);
      for (const [path, file] of files) {
        const { parent, name } = parentOf(path, true);
        add(parent, name, path, file);
      }
      seen = look(root);
      dirty.clear();
      touched = false;
    },
    paths: () => [...look(root).keys()],
    view: () => tree.view(),
    changes() {
      const changes = new Map<string, KeptFile | undefined>();
      if (!touched) return changes;
      touched = false;
      const current = look(root);
      for (const path of seen.keys()) if (!current.has(path)) changes.set(path, undefined);
      for (const [path, id] of current) {
        if (seen.get(path) === id && !dirty.has(id)) continue;
        const node = find(root, path);
        changes.set(path, node && keptOf(node));
      }
      seen = current;
      dirty.clear();
      return changes;
    },
    onTouch(listener) {
      listeners.push(listener);
    },
  };
}

function look(root: FileNode): ReadonlyMap<string, number> {
  return new Map(Array.from(walk(root), ({ path, node }) => [path, node.id]));
}

function withinSpace(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof FileError) || !error.message.startsWith('ENOSPC')) throw error;
    throw new WorkbenchFailure(
      'workspace-full',
      `there is no space left for ${path} in the workspace`,
      'Remove large files from it.',
    );
  }
}

function missing(path: string): WorkbenchFailure {
  return new WorkbenchFailure('file-missing', `there is no ${path}`);
}

function exists(path: string): WorkbenchFailure {
  return new WorkbenchFailure('file-exists', `there is a ${path} already`);
}

function isFolder(path: string): WorkbenchFailure {
  return new WorkbenchFailure('is-a-folder', `${path} is a folder`);
}
