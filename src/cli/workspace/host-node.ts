import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { decodeName, encodeName } from '../../engine/bytes.ts';
import { BaseNode } from '../../machine/files/base-node.ts';
import { fail, FileError } from '../../machine/files/errno.ts';
import {
  type Access,
  type AttributeChanges,
  type Attributes,
  type FileNode,
  type FileSystemStatus,
  FORMAT,
  type Listed,
  type NewNode,
  type OpenFile,
  PERMISSIONS,
  type Time,
} from '../../machine/files/node.ts';
import type { Folder } from './folder.ts';
import { openHostFile } from './open-file.ts';
import { attributesOf, type HostStat, statOf } from './stat.ts';

/**
 * A file of the host's folder. Everything is asked of the host at once and synchronously: between
 * looking at a path and using it the guest, which may change symlinks, cannot run.
 */
export class HostNode extends BaseNode {
  readonly #folder: Folder;
  #parent: HostNode | undefined;
  #name: string;
  /** Descriptors of those who have it open: what is left of it when its last name is gone. */
  readonly #open = new Set<number>();

  constructor(
    folder: Folder,
    id: number,
    format: number,
    parent: HostNode | undefined,
    name: string,
  ) {
    super(format, id);
    this.#folder = folder;
    this.#parent = parent;
    this.#name = name;
  }

  get parent(): HostNode | undefined {
    return this.#parent;
  }

  get name(): string {
    return this.#name;
  }

  /** Where it was seen last. */
  moved(parent: HostNode, name: string): void {
    this.#parent = parent;
    this.#name = name;
  }

  override attributes(): Attributes {
    return attributesOf(this.#stat(), this.#folder.privileged);
  }

  override change(changes: AttributeChanges): void {
    const { mode, uid, gid, size, atime, mtime } = changes;
    if (size !== undefined) this.#truncate(size);
    if ((uid !== undefined || gid !== undefined) && this.#folder.privileged) {
      const now = this.#stat();
      lchownSync(this.#path(), uid ?? Number(now.uid), gid ?? Number(now.gid));
    }
    // After the owner, whose change takes set-uid away.
    if (mode !== undefined) this.#chmod(mode);
    if (atime !== undefined || mtime !== undefined) {
      const now = this.#stat();
      const at = secondsOf(atime, now.atimeNs);
      lutimesSync(this.#path(), at, secondsOf(mtime, now.mtimeNs));
    }
  }

  override lookup(name: string): FileNode | undefined {
    this.#mustBeDirectory();
    const found = statOf(this.#folder.pathOf(this, name));
    return found && this.#folder.nodeOf(this, name, found);
  }

  override list(): readonly Listed[] {
    this.#mustBeDirectory();
    const names = readdirSync(this.#folder.directoryPath(this), { encoding: 'buffer' });
    return names.flatMap((bytes): readonly Listed[] => {
      const name = decodeName(bytes);
      const found = statOf(this.#folder.pathOf(this, name));
      if (!found) return [];
      const { id, format } = this.#folder.nodeOf(this, name, found);
      return [{ name, id, format }];
    });
  }

  override create(name: string, made: NewNode): FileNode {
    this.#mustBeDirectory();
    const path = this.#folder.pathOf(this, name);
    const { format, mode, uid, gid, target = '' } = made;
    switch (format) {
      case FORMAT.directory:
        mkdirSync(path, mode);
        break;
      case FORMAT.symlink:
        symlinkSync(Buffer.from(encodeName(target)), path);
        break;
      case FORMAT.file:
        closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, mode));
        break;
      default:
        // Node makes no others.
        fail('EPERM');
    }
    if (this.#folder.privileged) lchownSync(path, uid, gid);
    const node = this.#folder.nodeOf(this, name, statOf(path) ?? fail('ENOENT'));
    // Once more: this process has a umask of its own.
    if (format !== FORMAT.symlink) node.change({ mode });
    return node;
  }

  override link(name: string, node: FileNode): void {
    this.#mustBeDirectory();
    if (!(node instanceof HostNode)) fail('EXDEV');
    linkSync(node.#path(), this.#folder.pathOf(this, name));
  }

  override unlink(name: string, directory: boolean): void {
    this.#mustBeDirectory();
    const path = this.#folder.pathOf(this, name);
    const found = statOf(path) ?? fail('ENOENT');
    if (directory && !found.isDirectory()) fail('ENOTDIR');
    if (!directory && found.isDirectory()) fail('EISDIR');
    if (directory) rmdirSync(path);
    else unlinkSync(path);
  }

  override rename(name: string, to: FileNode, newName: string): void {
    this.#mustBeDirectory();
    if (!(to instanceof HostNode)) fail('EXDEV');
    const from = this.#folder.pathOf(this, name);
    const found = statOf(from) ?? fail('ENOENT');
    renameSync(from, this.#folder.pathOf(to, newName));
    this.#folder.nodeOf(to, newName, found);
  }

  override open(access: Access): OpenFile {
    if (this.format === FORMAT.directory) fail('EISDIR');
    if (this.format !== FORMAT.file) fail('ENXIO');
    const descriptor = openSync(this.#path(), flagsOf(access));
    this.#open.add(descriptor);
    return openHostFile(descriptor, () => {
      this.#open.delete(descriptor);
    });
  }

  override readLink(): string {
    if (this.format !== FORMAT.symlink) fail('EINVAL');
    return decodeName(readlinkSync(this.#path(), { encoding: 'buffer' }));
  }

  override setXattr(): void {
    fail('EOPNOTSUPP');
  }

  override statfs(): FileSystemStatus {
    return this.#folder.status();
  }

  #path(): Buffer {
    if (this.#parent) return this.#folder.pathOf(this.#parent, this.#name);
    return this.#folder.directoryPath(this);
  }

  /** By name as long as the name is its own, then by whoever has it open. */
  #stat(): HostStat {
    const found = this.#found();
    if (found) return found;
    for (const descriptor of this.#open) return fstatSync(descriptor, { bigint: true });
    fail('ENOENT');
  }

  #found(): HostStat | undefined {
    const parent = this.#parent;
    if (!parent) return statOf(this.#path());
    try {
      const found = statOf(this.#path());
      const isThis = found && this.#folder.nodeOf(parent, this.#name, found) === this;
      return isThis ? found : undefined;
    } catch (error) {
      // The directory it was in is gone too.
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  #truncate(size: number): void {
    if (this.format !== FORMAT.file) fail('EINVAL');
    if (!this.#found()) {
      for (const descriptor of this.#open) {
        ftruncateSync(descriptor, size);
        return;
      }
      fail('ENOENT');
    }
    const descriptor = openSync(this.#path(), constants.O_WRONLY | constants.O_NOFOLLOW);
    try {
      ftruncateSync(descriptor, size);
    } finally {
      closeSync(descriptor);
    }
  }

  #chmod(mode: number): void {
    const permissions = mode & PERMISSIONS;
    if (this.format === FORMAT.symlink) return;
    if (this.#found()) chmodSync(this.#path(), permissions);
    else for (const descriptor of this.#open) fchmodSync(descriptor, permissions);
  }

  #mustBeDirectory(): void {
    if (this.format !== FORMAT.directory) fail('ENOTDIR');
  }
}

function flagsOf({ write, truncate }: Access): number {
  const access = write ? constants.O_RDWR : constants.O_RDONLY;
  return access | constants.O_NOFOLLOW | (truncate ? constants.O_TRUNC : 0);
}

/** For lutimes(2), which wants seconds. */
function secondsOf(wanted: Time | 'now' | undefined, now: bigint): number {
  if (wanted === 'now') return Date.now() / 1000;
  if (wanted === undefined) return Number(now) / 1e9;
  return wanted.seconds + wanted.nanoseconds / 1e9;
}
