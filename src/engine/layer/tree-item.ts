import type { Entry } from './entry.ts';
import { sortNames } from './path.ts';

/**
 * A node of a tree, as the tree keeps it. Trees share items: one is changed in place only by the
 * `apply` that made it (`epoch`), and copied first by every later one.
 */
export interface Item {
  entry: Entry;
  readonly inode: number;
  /** Directories only. */
  readonly children: Map<string, Item> | undefined;
  /** Sorted names of the children, once asked for. */
  names: readonly string[] | undefined;
  /** The layer that put it here or last described it. */
  layer: number;
  /** The layer that may change it in place. */
  readonly epoch: number;
}

/** What one layer makes of the state before it. */
export interface TreeState {
  readonly root: Item;
  /** How many layers are in it. */
  readonly layers: number;
  readonly nextInode: number;
  /** How many paths there are, the root not counted. */
  readonly size: number;
}

/** What following symlinks may cost, as in Linux. */
export const LINK_LIMIT = 40;

export function childrenOf(item: Item): ReadonlyMap<string, Item> {
  return item.children ?? NO_CHILDREN;
}

const NO_CHILDREN: ReadonlyMap<string, Item> = new Map();

export function namesOf(item: Item): readonly string[] {
  item.names ??= sortNames(childrenOf(item).keys());
  return item.names;
}

/** Everything below an item, parents first, names sorted; not recursive, since depth is a stranger's choice. */
export function* below(item: Item): Generator<Item, void, undefined> {
  const stack = [{ item, at: 0 }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const name = namesOf(top.item)[top.at];
    if (name === undefined) {
      stack.pop();
      continue;
    }
    top.at += 1;
    const child = childrenOf(top.item).get(name);
    if (!child) continue;
    yield child;
    if (child.children) stack.push({ item: child, at: 0 });
  }
}

/** How many items a subtree has, itself included. */
export function countOf(item: Item): number {
  let count = 0;
  const stack = [item];
  for (let next = stack.pop(); next; next = stack.pop()) {
    count += 1;
    stack.push(...childrenOf(next).values());
  }
  return count;
}

/** Where a path leads when symlinks are followed inside the root; undefined when something is missing. */
export function follow(root: Item, path: string, last: boolean): Item | undefined {
  const stack = [root];
  const todo = path.split('/').reverse();
  let links = 0;
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const here = stack.at(-1) ?? root;
    if (!here.children) return undefined;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (stack.length > 1) stack.pop();
      continue;
    }
    const child = here.children.get(name);
    if (!child) return undefined;
    // A slash behind a link's name means its target.
    const final = todo.length === 0;
    if (child.entry.type === 'symlink' && !(final && !last)) {
      links += 1;
      const target = child.entry.target ?? '';
      if (links > LINK_LIMIT || target === '') return undefined;
      if (target.startsWith('/')) stack.length = 1;
      todo.push(...target.split('/').reverse());
    } else {
      stack.push(child);
    }
  }
  return stack.at(-1);
}
