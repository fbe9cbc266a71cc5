import { type ByteStream, collect } from '../../engine/bytes.ts';
import type { HostFiles } from '../../engine/docker/session.ts';
import { EngineError } from '../../engine/errors.ts';
import { contentOf } from '../../engine/layer/content.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { emptyTree } from '../../engine/layer/file-tree.ts';
import { parentPath } from '../../engine/layer/path.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import { type FileNode, FORMAT } from '../../machine/files/node.ts';
import type { SharedFolder } from '../../shell/folder.ts';
import { bytesOf, CAPACITY, find, now } from './tree.ts';
import type { Workspace } from './workspace.ts';

/** The workspace as `docker`, typed in the guest, reaches it. */
export function sharedWorkspace(workspace: Workspace): SharedFolder {
  const at = (source: string): FileNode | undefined => find(workspace.root, source);
  return {
    files: (signal) => workspaceFiles(workspace, signal),
    linkAt(source) {
      const node = at(source);
      if (!node) return undefined;
      return node.format === FORMAT.symlink ? now(node.readLink()) : null;
    },
    kind: async (source) => kindOf(at(source)),
    async makeDirectory(source) {
      if (source !== '') workspace.makeFolder(source);
    },
  };
}

function kindOf(node: FileNode | undefined): 'file' | 'dir' | 'none' {
  if (!node) return 'none';
  return node.format === FORMAT.directory ? 'dir' : 'file';
}

/** Errors are worded as those of the host's files. */
function workspaceFiles(workspace: Workspace, signal: AbortSignal): HostFiles {
  const { root } = workspace;
  const sourceOf = (path: string): string => (path === '.' ? '' : path);
  const at = (path: string): FileNode | undefined => find(root, sourceOf(path));
  return {
    async open(path) {
      const node = at(path);
      if (!node) return undefined;
      if (node.format === FORMAT.file) return contentOf(bytesOf(node));
      if (node.format === FORMAT.directory) {
        throw new EngineError('is-a-directory', `read ${path}: is a directory`);
      }
      throw new EngineError('not-a-file', `read ${path}: not a regular file`);
    },
    async write(path, bytes) {
      const parent = parentPath(sourceOf(path));
      if (kindOf(at(parent)) !== 'dir') {
        throw new EngineError(
          'output-missing-dir',
          `invalid output path: directory ${JSON.stringify(parent)} does not exist`,
          { hint: 'Make the directory first.' },
        );
      }
      if (kindOf(at(path)) === 'dir') {
        throw new EngineError('is-a-directory', `open ${path}: is a directory`);
      }
      // Whole before anything is changed: a failure leaves what was there.
      workspace.write(sourceOf(path), await collected(path, bytes, signal));
    },
    kind: async (path) => kindOf(at(path)),
    async context(path) {
      const kind = kindOf(at(path));
      if (kind === 'none') {
        throw new EngineError(
          'context-missing',
          `unable to prepare context: path ${JSON.stringify(path)} not found`,
          { hint: 'The last argument of `docker build` is the folder with your files, often ".".' },
        );
      }
      if (kind === 'file') {
        throw new EngineError(
          'context-not-dir',
          `unable to prepare context: context must be a directory: ${path}`,
          { hint: 'Name the folder; a Dockerfile of another name goes to `-f`.' },
        );
      }
      return { tree: below(await workspace.view(), sourceOf(path)) };
    },
    async writeTree(path, tree) {
      await writeTree(workspace, sourceOf(path), tree);
    },
  };
}

async function collected(
  path: string,
  bytes: ByteStream,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const watched = (async function* (): ByteStream {
    for await (const chunk of bytes) {
      signal.throwIfAborted();
      yield chunk;
    }
  })();
  try {
    return await collect(watched, CAPACITY);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EngineError('no-space', `write ${path}: no space left on device`);
  }
}

/** What is below a directory of a tree, owned by root as Docker sees a context; hard links stay links. */
export function below(tree: FileTree, path: string): FileTree {
  const prefix = path === '' ? 0 : path.length + 1;
  const first = new Map<number, string>();
  const entries = Array.from(tree.walk(path), ({ entry, inode }): Entry => {
    const own = { ...entry, path: entry.path.slice(prefix), uid: 0, gid: 0 };
    if (entry.type !== 'file') return own;
    const target = first.get(inode);
    if (target === undefined) {
      first.set(inode, own.path);
      return own;
    }
    const { mode, uid, gid, mtime } = own;
    return { type: 'hardlink', path: own.path, target, size: 0, mode, uid, gid, mtime };
  });
  return emptyTree.apply(entries);
}

/** Over what is there; a directory that is not empty is never replaced. */
async function writeTree(workspace: Workspace, path: string, tree: FileTree): Promise<void> {
  const inside = (name: string): string => (path === '' ? name : `${path}/${name}`);
  for (const { entry } of tree.walk()) {
    if (!['dir', 'file', 'symlink'].includes(entry.type)) {
      throw new EngineError(
        'output-unsupported',
        `cannot write ${entry.path}: a ${entry.type === 'fifo' ? 'named pipe' : 'device'} cannot be exported to a folder`,
        { hint: 'Use --output type=tar.' },
      );
    }
  }
  if (path !== '') workspace.makeFolder(path);
  for (const { entry } of tree.walk()) {
    const target = inside(entry.path);
    const there = find(workspace.root, target);
    if (entry.type === 'dir') {
      if (there && there.format !== FORMAT.directory) workspace.remove(target);
      workspace.makeFolder(target);
    } else {
      if (there?.format === FORMAT.directory) {
        if (now(there.list()).length > 0) throw blocked(entry.path);
        workspace.remove(target);
      }
      const bytes = entry.content ? await collect(entry.content.stream(), CAPACITY) : EMPTY;
      if (entry.type === 'file') workspace.write(target, bytes);
      else workspace.link(target, entry.target ?? '');
    }
    if (entry.type !== 'symlink') {
      const node = find(workspace.root, target);
      if (node) now(node.change({ mode: entry.mode }));
    }
  }
}

const EMPTY = new Uint8Array(0);

function blocked(path: string): EngineError {
  return new EngineError(
    'output-blocked',
    `cannot write ${path}: a directory that is not empty is in its place`,
    { hint: 'Remove the directory, or write to an empty one.' },
  );
}
