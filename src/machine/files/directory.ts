import { BaseNode } from './base-node.ts';
import { type Attributes, type FileNode, FORMAT, type Listed, timeOf } from './node.ts';

/**
 * A directory whose entries the host decides: the guest can only look. A name that was removed
 * should not be used again for something else while a guest has it mounted with `cache=loose`,
 * which never looks twice.
 */
export interface Directory {
  readonly node: FileNode;
  /** Adds or replaces an entry. */
  set(name: string, node: FileNode): void;
  /** Nothing happens when there is no such entry. */
  remove(name: string): void;
}

export function directory(entries: Readonly<Record<string, FileNode>> = {}): Directory {
  const node = new SyntheticDirectory(new Map(Object.entries(entries)));
  return {
    node,
    set(name, child) {
      node.children.set(name, child);
      node.touch();
    },
    remove(name) {
      if (node.children.delete(name)) node.touch();
    },
  };
}

class SyntheticDirectory extends BaseNode {
  readonly children: Map<string, FileNode>;
  #time = timeOf(Date.now());

  constructor(children: Map<string, FileNode>) {
    super(FORMAT.directory);
    this.children = children;
  }

  touch(): void {
    this.#time = timeOf(Date.now());
  }

  override attributes(): Attributes {
    let nlink = 2;
    for (const { format } of this.children.values()) if (format === FORMAT.directory) nlink += 1;
    const mode = FORMAT.directory | 0o755;
    const times = { atime: this.#time, mtime: this.#time, ctime: this.#time };
    return { mode, uid: 0, gid: 0, nlink, size: 4096, blocks: 8, device: undefined, ...times };
  }

  override lookup(name: string): FileNode | undefined {
    return this.children.get(name);
  }

  override list(): readonly Listed[] {
    return [...this.children].map(([name, { id, format }]) => ({ name, id, format }));
  }
}
