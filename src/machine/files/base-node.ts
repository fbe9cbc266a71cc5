import { FileError } from './errno.ts';
import type { Later } from './later.ts';
import {
  type Access,
  type AttributeChanges,
  type Attributes,
  type FileNode,
  type FileSystemStatus,
  FORMAT,
  type Listed,
  type NewNode,
  nextInode,
  type OpenFile,
  type XattrMode,
} from './node.ts';

const NO_XATTRS: ReadonlyMap<string, Uint8Array> = new Map();

/** A node that refuses everything as a file of its type on a read-only file system does. */
export abstract class BaseNode implements FileNode {
  readonly id: number;
  readonly format: number;

  constructor(format: number, id: number = nextInode()) {
    this.format = format;
    this.id = id;
  }

  abstract attributes(): Later<Attributes>;

  change(changes: AttributeChanges): Later<void> {
    throw new FileError('EROFS', Object.keys(changes).join());
  }

  lookup(name: string): Later<FileNode | undefined> {
    throw new FileError('ENOTDIR', name);
  }

  list(): Later<readonly Listed[]> {
    throw new FileError('ENOTDIR');
  }

  create(name: string, made: NewNode): Later<FileNode> {
    throw this.#refusal(`${name} ${made.mode.toString(8)}`);
  }

  link(name: string, node: FileNode): Later<void> {
    throw this.#refusal(`${name} ${node.id}`);
  }

  unlink(name: string, directory: boolean): Later<void> {
    throw this.#refusal(directory ? `${name}/` : name);
  }

  rename(name: string, to: FileNode, newName: string): Later<void> {
    throw this.#refusal(`${name} ${to.id} ${newName}`);
  }

  #refusal(detail: string): FileError {
    return new FileError(this.format === FORMAT.directory ? 'EROFS' : 'ENOTDIR', detail);
  }

  open(access: Access): Later<OpenFile> {
    if (this.format === FORMAT.directory) throw new FileError('EISDIR');
    throw new FileError(access.write || access.truncate ? 'EROFS' : 'ENXIO');
  }

  readLink(): Later<string> {
    throw new FileError('EINVAL');
  }

  xattr(name: string): Later<Uint8Array | undefined> {
    return NO_XATTRS.get(name);
  }

  xattrs(): Later<readonly string[]> {
    return [...NO_XATTRS.keys()];
  }

  setXattr(name: string, value: Uint8Array | undefined, mode: XattrMode): Later<void> {
    throw new FileError('EROFS', `${name} ${value?.length ?? 0} ${mode}`);
  }

  statfs(): Later<FileSystemStatus> {
    return { size: 0, free: 0, files: 0 };
  }
}
