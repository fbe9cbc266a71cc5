import { encodeName } from '../../engine/bytes.ts';
import { joinPath } from '../../engine/layer/path.ts';
import type { Node } from '../../engine/layer/tree.ts';
import { fail } from './errno.ts';
import { FileData } from './file-data.ts';
import { type Later, andThen } from './later.ts';
import {
  type Access,
  type AttributeChanges,
  type Attributes,
  type Device,
  type FileNode,
  type FileSystemStatus,
  FORMAT,
  type Listed,
  type NewNode,
  nextInode,
  type OpenFile,
  PERMISSIONS,
  type Time,
  type XattrMode,
} from './node.ts';
import type { TreeContext } from './tree-context.ts';
import { TreeFile } from './tree-file.ts';

/**
 * A file of a tree that lies over a `FileTree`. Directories load their entries from below when they
 * are first looked into; from then on what they hold is what there is. Files keep what is below as
 * the base of their content.
 */
export class TreeNode implements FileNode, Attributes {
  readonly id = nextInode();
  readonly format: number;
  readonly context: TreeContext;
  /** What it is in the tree below, if it comes from there. */
  readonly origin: Node | undefined;

  mode: number;
  uid: number;
  gid: number;
  atime: Time;
  mtime: Time;
  ctime: Time;
  readonly device: Device | undefined;
  readonly target: string;
  /** Names of a file; a directory's is 1 until it is removed. */
  links: number;
  readonly data: FileData | undefined;
  attached: Map<string, Uint8Array> | undefined;

  /** The directory a directory is in; itself for the root. */
  parent: TreeNode | undefined;
  #children: Map<string, TreeNode> | undefined;
  #directories = -1;
  /** Whether it may have other entries than in the tree below. */
  entriesChanged = false;
  /** Whether a layer has to have the directory itself, whatever its metadata are. */
  listed = false;

  /** How many have it open, and how many for writing. */
  opened = 0;
  writers = 0;
  /** When a writer last closed it. */
  closed: Time | undefined;

  constructor(
    context: TreeContext,
    made: {
      readonly format: number;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      readonly time: Time;
      readonly links: number;
      readonly target?: string | undefined;
      readonly device?: Device | undefined;
      readonly data?: FileData | undefined;
      readonly xattrs?: Readonly<Record<string, Uint8Array>> | undefined;
      readonly origin?: Node;
    },
  ) {
    this.context = context;
    this.format = made.format;
    this.mode = made.format | made.mode;
    this.uid = made.uid;
    this.gid = made.gid;
    this.atime = made.time;
    this.mtime = made.time;
    this.ctime = made.time;
    this.links = made.links;
    this.target = made.target ?? '';
    this.device = made.device;
    this.data = made.data;
    this.attached = made.xattrs && new Map(Object.entries(made.xattrs));
    this.origin = made.origin;
  }

  get size(): number {
    if (this.data) return this.data.size;
    if (this.format === FORMAT.directory) return 4096;
    return this.format === FORMAT.symlink ? encodeName(this.target).length : 0;
  }

  get blocks(): number {
    if (this.data) return Math.ceil(this.data.allocated / 4096) * 8;
    return this.format === FORMAT.directory ? 8 : 0;
  }

  get nlink(): number {
    if (this.format !== FORMAT.directory) return this.links;
    return this.links === 0 ? 0 : 2 + this.#countDirectories();
  }

  attributes(): Attributes {
    return this;
  }

  change(changes: AttributeChanges): Later<void> {
    this.#writable();
    const now = this.context.now();
    const { size } = changes;
    if (size !== undefined && !this.data) fail(this.#isDirectory() ? 'EISDIR' : 'EINVAL');
    const resized = size === undefined ? undefined : this.data?.resize(size);
    return andThen(resized, () => {
      if (changes.mode !== undefined) this.mode = this.format | (changes.mode & PERMISSIONS);
      if (changes.uid !== undefined) this.uid = changes.uid;
      if (changes.gid !== undefined) this.gid = changes.gid;
      if (changes.atime !== undefined) this.atime = changes.atime === 'now' ? now : changes.atime;
      const mtime = changes.mtime ?? (size === undefined ? undefined : 'now');
      if (mtime !== undefined) {
        this.mtime = mtime === 'now' ? now : mtime;
        this.context.unsettled.delete(this);
      }
      this.ctime = now;
      this.context.touched();
    });
  }

  #writable(): void {
    if (this.context.readOnly) fail('EROFS');
  }

  #isDirectory(): boolean {
    return this.format === FORMAT.directory;
  }

  /** Its entries; ENOTDIR when it is no directory. */
  children(): Map<string, TreeNode> {
    if (this.#children) return this.#children;
    if (!this.#isDirectory()) fail('ENOTDIR');
    const children = new Map<string, TreeNode>();
    let directories = 0;
    const path = this.origin?.entry.path;
    const { lower } = this.context;
    for (const name of path === undefined ? [] : lower.list(path)) {
      const below = lower.get(joinPath(path ?? '', name));
      if (!below) continue;
      const child = this.context.fromBelow(below);
      if (child.#isDirectory()) {
        child.parent = this;
        directories += 1;
      }
      children.set(name, child);
    }
    this.#children = children;
    this.#directories = directories;
    return children;
  }

  /** Its entries if they were ever asked for: otherwise they are those of the tree below. */
  loaded(): ReadonlyMap<string, TreeNode> | undefined {
    return this.#children;
  }

  #countDirectories(): number {
    if (this.#directories >= 0) return this.#directories;
    let count = 0;
    const path = this.origin?.entry.path;
    const { lower } = this.context;
    for (const name of path === undefined ? [] : lower.list(path)) {
      if (lower.get(joinPath(path ?? '', name))?.entry.type === 'dir') count += 1;
    }
    this.#directories = count;
    return count;
  }

  lookup(name: string): TreeNode | undefined {
    return this.children().get(name);
  }

  list(): readonly Listed[] {
    return Array.from(this.children(), ([name, { id, format }]) => ({ name, id, format }));
  }

  create(name: string, made: NewNode): TreeNode {
    const children = this.#changeable();
    if (children.has(name)) fail('EEXIST');
    const { context } = this;
    const directory = made.format === FORMAT.directory;
    const child = new TreeNode(context, {
      ...made,
      mode: made.mode & PERMISSIONS,
      time: context.now(),
      links: 1,
      data: made.format === FORMAT.file ? new FileData(context, { path: name }) : undefined,
    });
    if (directory) child.startEmpty();
    this.#put(children, name, child);
    this.#changedEntries();
    return child;
  }

  link(name: string, node: FileNode): void {
    const children = this.#changeable();
    if (!(node instanceof TreeNode) || node.context !== this.context) fail('EXDEV');
    if (node.#isDirectory()) fail('EPERM');
    if (children.has(name)) fail('EEXIST');
    // A file without a name may get none again, except as O_TMPFILE does, which 9P has not.
    if (node.links === 0) fail('ENOENT');
    node.links += 1;
    children.set(name, node);
    this.#changedEntries();
    node.ctime = this.ctime;
  }

  unlink(name: string, directory: boolean): void {
    const children = this.#changeable();
    const child = children.get(name);
    if (!child) fail('ENOENT');
    if (directory && !child.#isDirectory()) fail('ENOTDIR');
    if (!directory && child.#isDirectory()) fail('EISDIR');
    if (child.#isDirectory() && child.children().size > 0) fail('ENOTEMPTY');
    this.#take(children, name, child);
    this.#changedEntries();
    child.#dropName(this.ctime);
  }

  rename(name: string, to: FileNode, newName: string): void {
    const children = this.#changeable();
    if (!(to instanceof TreeNode) || to.context !== this.context) fail('EXDEV');
    const targets = to.#changeable();
    const child = children.get(name);
    if (!child) fail('ENOENT');
    const old = targets.get(newName);
    if (old === child) return;
    if (child.#isDirectory()) {
      for (let above: TreeNode | undefined = to; above; above = above.#above()) {
        if (above === child) fail('EINVAL');
      }
      if (old && !old.#isDirectory()) fail('ENOTDIR');
      if (old && old.children().size > 0) fail('ENOTEMPTY');
    } else if (old?.format === FORMAT.directory) {
      fail('EISDIR');
    }
    this.#take(children, name, child);
    if (old) to.#take(targets, newName, old);
    to.#put(targets, newName, child);
    this.#changedEntries();
    to.#changedEntries();
    child.ctime = to.ctime;
    if (old) old.#dropName(to.ctime);
  }

  #above(): TreeNode | undefined {
    return this.parent === this ? undefined : this.parent;
  }

  /** Its entries, if one may be added or removed. */
  #changeable(): Map<string, TreeNode> {
    const children = this.children();
    this.#writable();
    if (this.links === 0) fail('ENOENT');
    return children;
  }

  #put(children: Map<string, TreeNode>, name: string, child: TreeNode): void {
    children.set(name, child);
    if (!child.#isDirectory()) return;
    child.parent = this;
    this.#directories += 1;
  }

  #take(children: Map<string, TreeNode>, name: string, child: TreeNode): void {
    children.delete(name);
    if (child.#isDirectory()) this.#directories -= 1;
  }

  #changedEntries(): void {
    this.entriesChanged = true;
    this.listed = true;
    this.mtime = this.context.now();
    this.ctime = this.mtime;
    this.context.touched();
  }

  // What the host does to it, which leaves its own times alone.

  /** Puts an entry there, in place of what was there. Its own time stays: that is not its doing. */
  adopt(name: string, child: TreeNode): void {
    const children = this.children();
    this.discard(name);
    this.#put(children, name, child);
    this.entriesChanged = true;
  }

  /** Removes an entry with all that is in it; nothing happens when it is not there. */
  discard(name: string): void {
    const children = this.children();
    const child = children.get(name);
    if (!child) return;
    this.#take(children, name, child);
    this.entriesChanged = true;
    const now = this.context.now();
    const gone = [child];
    for (let node = gone.pop(); node; node = gone.pop()) {
      if (node.#isDirectory()) gone.push(...node.children().values());
      node.#dropName(now);
    }
  }

  /** As when a guest adds or removes an entry: its time is now. */
  touch(): void {
    this.#changedEntries();
  }

  /** A directory that holds nothing yet, whatever is below. */
  startEmpty(): void {
    this.#children = new Map();
    this.#directories = 0;
  }

  #dropName(time: Time): void {
    this.links -= 1;
    this.ctime = time;
    this.#releaseIfGone();
  }

  #releaseIfGone(): void {
    if (this.links > 0 || this.opened > 0) return;
    this.data?.release();
    this.context.unsettled.delete(this);
  }

  open({ write, truncate }: Access): Later<OpenFile> {
    const { data } = this;
    if (!data) fail(this.#isDirectory() ? 'EISDIR' : 'ENXIO');
    if (write || truncate) this.#writable();
    const done = truncate ? this.change({ size: 0 }) : undefined;
    return andThen(done, () => {
      this.opened += 1;
      if (write && this.writers === 0) this.closed = undefined;
      if (write) this.writers += 1;
      return new TreeFile(this, data, write);
    });
  }

  /** One who had it open is gone. */
  release(wrote: boolean): void {
    this.opened -= 1;
    if (wrote) {
      this.writers -= 1;
      this.closed = this.context.now();
    }
    this.#releaseIfGone();
  }

  readLink(): string {
    return this.format === FORMAT.symlink ? this.target : fail('EINVAL');
  }

  xattr(name: string): Uint8Array | undefined {
    return this.attached?.get(name);
  }

  xattrs(): readonly string[] {
    return this.attached ? [...this.attached.keys()] : [];
  }

  setXattr(name: string, value: Uint8Array | undefined, mode: XattrMode): void {
    this.#writable();
    const there = this.attached?.has(name) ?? false;
    if (mode === 'create' && there) fail('EEXIST');
    if ((mode === 'replace' || !value) && !there) fail('ENODATA');
    this.attached ??= new Map();
    if (value) this.attached.set(name, value);
    else this.attached.delete(name);
    this.ctime = this.context.now();
    this.context.touched();
  }

  statfs(): FileSystemStatus {
    const { capacity, used } = this.context.space;
    return { size: capacity, free: Math.max(capacity - used, 0), files: this.context.lower.size };
  }
}
