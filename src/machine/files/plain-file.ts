import { BaseNode } from './base-node.ts';
import { fail } from './errno.ts';
import {
  type Access,
  type Attributes,
  type FileNode,
  FORMAT,
  type OpenFile,
  timeOf,
} from './node.ts';

/** A read-only file from memory: a container's `config.json`. The bytes must not change afterwards. */
export function plainFile(
  bytes: Uint8Array,
  options: {
    readonly mode?: number;
    readonly uid?: number;
    readonly gid?: number;
    /** Milliseconds since 1970. */
    readonly time?: number;
  } = {},
): FileNode {
  return new PlainFile(bytes, {
    mode: FORMAT.file | (options.mode ?? 0o644),
    uid: options.uid ?? 0,
    gid: options.gid ?? 0,
    time: options.time ?? Date.now(),
  });
}

class PlainFile extends BaseNode {
  readonly #attributes: Attributes;
  readonly #open: OpenFile;

  constructor(
    bytes: Uint8Array,
    given: {
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      readonly time: number;
    },
  ) {
    super(FORMAT.file);
    const { mode, uid, gid } = given;
    const time = timeOf(given.time);
    const size = bytes.length;
    const blocks = Math.ceil(size / 512);
    const times = { atime: time, mtime: time, ctime: time };
    this.#attributes = { mode, uid, gid, nlink: 1, size, blocks, device: undefined, ...times };
    this.#open = {
      read(offset, into) {
        const part = bytes.subarray(offset, offset + into.length);
        into.set(part);
        return part.length;
      },
      write: () => fail('EBADF'),
      sync: () => undefined,
      close: () => undefined,
    };
  }

  override attributes(): Attributes {
    return this.#attributes;
  }

  override open({ write, truncate }: Access): OpenFile {
    return write || truncate ? fail('EROFS') : this.#open;
  }
}
