import { lstatSync, realpathSync, statfsSync } from 'node:fs';
import { encodeName } from '../../engine/bytes.ts';
import { FileError } from '../../machine/files/errno.ts';
import { FORMAT, nextInode } from '../../machine/files/node.ts';
import type { FileNode, FileSystemStatus } from '../../machine/files/node.ts';
import { HostNode } from './host-node.ts';
import { type HostStat, statOf } from './stat.ts';

/**
 * A host's folder as the files of the learner's workspace, live: whatever either side does, the
 * other sees with its next look. Nothing outside the folder can be reached: symlinks are the guest's
 * to follow, in its own root, and a name on the way that turned into one is an error.
 * What is no root's own process's cannot be given away: owners are then shown as root's, and changing
 * them does nothing, as with Docker's desktop editions.
 */
export function workspaceFolder(path: string): FileNode {
  return new Folder(path).root;
}

/** What the nodes of one folder share. */
export class Folder {
  readonly root: HostNode;
  /** This process is root: owners are real. */
  readonly privileged = process.getuid?.() === 0;
  readonly #path: Buffer;
  readonly #known = new Map<string, WeakRef<HostNode>>();
  readonly #forgotten = new FinalizationRegistry<string>((key) => {
    if (this.#known.get(key)?.deref() === undefined) this.#known.delete(key);
  });

  constructor(path: string) {
    this.#path = realpathSync.native(Buffer.from(path), 'buffer');
    const found = lstatSync(this.#path, { bigint: true });
    this.root = new HostNode(this, nextInode(), FORMAT.directory, undefined, '');
    this.#known.set(keyOf(found), new WeakRef(this.root));
  }

  /** The node of what a name in a directory is now: one per file, whatever names it has. */
  nodeOf(parent: HostNode, name: string, found: HostStat): HostNode {
    const key = keyOf(found);
    const known = this.#known.get(key)?.deref();
    if (known) {
      if (known !== this.root) known.moved(parent, name);
      return known;
    }
    const node = new HostNode(this, nextInode(), Number(found.mode) & FORMAT.mask, parent, name);
    this.#known.set(key, new WeakRef(node));
    this.#forgotten.register(node, key);
    return node;
  }

  /**
   * The host's path of a name in a directory. ENOENT when a directory on the way is gone, ENOTDIR
   * when it is none any more: a symlink that took its place is never followed.
   */
  pathOf(directory: HostNode, name: string): Buffer {
    return Buffer.concat([this.directoryPath(directory), SLASH, encodeName(name)]);
  }

  directoryPath(directory: HostNode): Buffer {
    if (directory === this.root) return this.#path;
    const { parent, name } = directory;
    if (!parent) throw new FileError('ENOENT');
    const path = this.pathOf(parent, name);
    const found = statOf(path);
    if (!found) throw new FileError('ENOENT');
    if ((Number(found.mode) & FORMAT.mask) !== FORMAT.directory) throw new FileError('ENOTDIR');
    return path;
  }

  status(): FileSystemStatus {
    const { bsize, blocks, bavail, files } = statfsSync(this.#path);
    return { size: bsize * blocks, free: bsize * bavail, files };
  }
}

const SLASH = Buffer.from('/');

/** Which file it is: numbers are used again, seldom with the same time of birth. */
function keyOf({ dev, ino, mode, birthtimeNs }: HostStat): string {
  return `${dev} ${ino} ${Number(mode) & FORMAT.mask} ${birthtimeNs}`;
}
