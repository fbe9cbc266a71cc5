import { type Later, andThen } from '../../machine/files/later.ts';
import type {
  Access,
  AttributeChanges,
  Attributes,
  FileNode,
  FileSystemStatus,
  Listed,
  NewNode,
  OpenFile,
  XattrMode,
} from '../../machine/files/node.ts';

/** Who hears of changes. */
export interface Watch {
  /** The content or the attributes of a file changed, whatever names it has. */
  changed(id: number): void;
  /** Names came or went. */
  renamed(): void;
}

/** A tree of files as it is, with every change told to `watch`. */
export function watched(root: FileNode, watch: Watch): FileNode {
  return new WatchedNode(root, { ...watch, known: new WeakMap() });
}

interface Shared extends Watch {
  readonly known: WeakMap<FileNode, WatchedNode>;
}

class WatchedNode implements FileNode {
  readonly id: number;
  readonly format: number;
  readonly #inner: FileNode;
  readonly #shared: Shared;

  constructor(inner: FileNode, shared: Shared) {
    this.id = inner.id;
    this.format = inner.format;
    this.#inner = inner;
    this.#shared = shared;
    shared.known.set(inner, this);
  }

  /** One per file, whatever names it has. */
  #wrap(inner: FileNode): FileNode {
    return this.#shared.known.get(inner) ?? new WatchedNode(inner, this.#shared);
  }

  #changed(): void {
    this.#shared.changed(this.id);
  }

  #renamed(): void {
    this.#shared.renamed();
  }

  attributes(): Later<Attributes> {
    return this.#inner.attributes();
  }

  change(changes: AttributeChanges): Later<void> {
    return andThen(this.#inner.change(changes), () => {
      this.#changed();
    });
  }

  lookup(name: string): Later<FileNode | undefined> {
    return andThen(this.#inner.lookup(name), (found) => found && this.#wrap(found));
  }

  list(): Later<readonly Listed[]> {
    return this.#inner.list();
  }

  create(name: string, made: NewNode): Later<FileNode> {
    return andThen(this.#inner.create(name, made), (node) => {
      this.#renamed();
      return this.#wrap(node);
    });
  }

  link(name: string, node: FileNode): Later<void> {
    return andThen(this.#inner.link(name, innerOf(node)), () => {
      this.#renamed();
    });
  }

  unlink(name: string, directory: boolean): Later<void> {
    return andThen(this.#inner.unlink(name, directory), () => {
      this.#renamed();
    });
  }

  rename(name: string, to: FileNode, newName: string): Later<void> {
    return andThen(this.#inner.rename(name, innerOf(to), newName), () => {
      this.#renamed();
    });
  }

  open(access: Access): Later<OpenFile> {
    return andThen(this.#inner.open(access), (file) => {
      if (access.truncate) this.#changed();
      return access.write ? this.#written(file) : file;
    });
  }

  #written(file: OpenFile): OpenFile {
    return {
      read: (offset, into) => file.read(offset, into),
      write: (offset, bytes) =>
        andThen(file.write(offset, bytes), (count) => {
          this.#changed();
          return count;
        }),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  }

  readLink(): Later<string> {
    return this.#inner.readLink();
  }

  xattr(name: string): Later<Uint8Array | undefined> {
    return this.#inner.xattr(name);
  }

  xattrs(): Later<readonly string[]> {
    return this.#inner.xattrs();
  }

  setXattr(name: string, value: Uint8Array | undefined, mode: XattrMode): Later<void> {
    return this.#inner.setXattr(name, value, mode);
  }

  statfs(): Later<FileSystemStatus> {
    return this.#inner.statfs();
  }

  static inner(node: FileNode): FileNode {
    return node instanceof WatchedNode ? node.#inner : node;
  }
}

/** The tree below knows its own nodes only. */
function innerOf(node: FileNode): FileNode {
  return WatchedNode.inner(node);
}
