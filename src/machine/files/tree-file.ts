import { fail } from './errno.ts';
import type { FileData } from './file-data.ts';
import { type Later, andThen } from './later.ts';
import type { OpenFile } from './node.ts';
import type { TreeNode } from './tree-node.ts';

/** A file of a tree, opened. */
export class TreeFile implements OpenFile {
  readonly #node: TreeNode;
  readonly #data: FileData;
  readonly #write: boolean;
  #open = true;

  constructor(node: TreeNode, data: FileData, write: boolean) {
    this.#node = node;
    this.#data = data;
    this.#write = write;
  }

  read(offset: number, into: Uint8Array): Later<number> {
    return this.#data.read(offset, into);
  }

  write(offset: number, bytes: Uint8Array): Later<number> {
    if (!this.#write) fail('EBADF');
    return andThen(this.#data.write(offset, bytes), () => {
      const node = this.#node;
      const now = node.context.now();
      // Linux keeps what it reads and writes in memory and brings it later, through an opened file
      // of its own: what comes when no process has the file open was written before the last close.
      node.mtime = node.writers === 1 && node.closed ? node.closed : now;
      node.ctime = node.mtime;
      node.context.unsettled.add(node);
      node.context.touched();
      return bytes.length;
    });
  }

  sync(): void {
    // In memory there is nothing more durable.
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#node.release(this.#write);
  }
}
