import { EngineError } from '../errors.ts';
import type { Entry } from './entry.ts';
import { baseName, joinPath, parentPath } from './path.ts';
import { childrenOf, countOf, follow, type Item, LINK_LIMIT, type TreeState } from './tree-item.ts';

/** The longest path a process can name. */
const PATH_LIMIT = 4096;

/**
 * Stacks one layer on a tree, as Docker's overlay does: the layer is unpacked by itself, in its
 * own order, and then shows through to what is below.
 * - Whiteouts and opaque marks remove what lower layers put there, never what this one did.
 * - A directory that meets a directory changes its metadata; everything else replaces what was there.
 * - A parent that this layer says nothing about, also of a whiteout, is made (755, 0:0) or, as
 *   containerd does, taken from below; a symlink or file of a lower layer in its place is hidden by
 *   the new directory.
 * - A parent that is a symlink of this same layer is followed, inside the root.
 * Errors: EngineError `layer-invalid` (a parent is a file of the same layer, a hard link without
 * target or to a directory, more than 40 links), `archive-too-large` (a path over 4096 characters).
 */
export function applyLayer(state: TreeState, layer: Iterable<Entry>): TreeState {
  const epoch = state.layers + 1;
  const root = copyFor(epoch, state.root);
  const edit: Edit = { root, epoch, nextInode: state.nextInode, size: state.size, last: undefined };
  for (const entry of layer) {
    if (entry.type === 'whiteout') removeBelow(edit, entry.path);
    else if (entry.type === 'opaque') emptyBelow(edit, entry.path);
    else put(edit, entry);
  }
  return { root, layers: epoch, nextInode: edit.nextInode, size: edit.size };
}

interface Edit {
  readonly root: Item;
  readonly epoch: number;
  nextInode: number;
  size: number;
  /** The parent of the last entry, by the path it was asked for: most layers go directory by directory. */
  last: { readonly asked: string; readonly place: Place } | undefined;
}

interface Place {
  readonly item: Item;
  readonly path: string;
}

function copyFor(epoch: number, item: Item): Item {
  return { ...item, children: item.children && new Map(item.children), epoch };
}

/** The child, copied first when it belongs to a lower layer. */
function own(edit: Edit, parent: Item, name: string, child: Item): Item {
  if (child.epoch === edit.epoch) return child;
  const copy = copyFor(edit.epoch, child);
  parent.children?.set(name, copy);
  return copy;
}

function setChild(parent: Item, name: string, child: Item): void {
  parent.children?.set(name, child);
  parent.names = undefined;
}

function newItem(edit: Edit, entry: Entry, inode = edit.nextInode++): Item {
  const children = entry.type === 'dir' ? new Map<string, Item>() : undefined;
  return { entry, inode, children, names: undefined, layer: edit.epoch, epoch: edit.epoch };
}

function implicit(path: string): Entry {
  return { type: 'dir', path, mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 };
}

function invalid(path: string, why: string): EngineError {
  return new EngineError('layer-invalid', `invalid layer: ${JSON.stringify(path)}: ${why}`);
}

function checkLength(path: string): void {
  if (path.length <= PATH_LIMIT) return;
  throw new EngineError(
    'archive-too-large',
    `archive refused: a path of ${path.length} characters`,
  );
}

function put(edit: Edit, entry: Entry): void {
  if (entry.path === '') {
    if (entry.type !== 'dir') throw invalid('/', 'the root is not a directory');
    edit.root.entry = entry;
    return;
  }
  const asked = parentPath(entry.path);
  const parent = edit.last?.asked === asked ? edit.last.place : makeParents(edit, entry.path);
  edit.last = { asked, place: parent };
  const name = baseName(entry.path);
  const path = joinPath(parent.path, name);
  checkLength(path);
  const old = parent.item.children?.get(name);
  if (entry.type === 'dir' && old?.children) {
    const dir = own(edit, parent.item, name, old);
    dir.entry = at(entry, path);
    dir.layer = edit.epoch;
    return;
  }
  const item =
    entry.type === 'hardlink' ? linkTo(edit, entry, path) : newItem(edit, at(entry, path));
  // A link to itself.
  if (item === old) return;
  if (old) {
    edit.size -= countOf(old);
    edit.last = undefined;
  }
  setChild(parent.item, name, item);
  edit.size += 1;
}

function at(entry: Entry, path: string): Entry {
  return entry.path === path ? entry : { ...entry, path };
}

function linkTo(edit: Edit, entry: Entry, path: string): Item {
  const target = follow(edit.root, entry.target ?? '', false);
  if (!target) throw invalid(entry.path, `hard link to missing ${JSON.stringify(entry.target)}`);
  if (target.children) throw invalid(entry.path, `hard link to a directory`);
  if (target.entry.path === path) return target;
  return newItem(edit, at(target.entry, path), target.inode);
}

/** The directory an entry goes into, made and owned by this layer. */
function makeParents(edit: Edit, path: string): Place {
  let stack: Place[] = [{ item: edit.root, path: '' }];
  const todo = path.split('/').slice(0, -1).reverse();
  let links = 0;
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const here = stack.at(-1) ?? { item: edit.root, path: '' };
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (stack.length > 1) stack.pop();
      continue;
    }
    const childPath = joinPath(here.path, name);
    const child = here.item.children?.get(name);
    if (child?.children) {
      stack.push({ item: own(edit, here.item, name, child), path: childPath });
    } else if (child && child.layer === edit.epoch) {
      const { type, target } = child.entry;
      if (type !== 'symlink' || !target) throw invalid(path, 'its parent is not a directory');
      links += 1;
      if (links > LINK_LIMIT) throw invalid(path, 'too many levels of symbolic links');
      if (target.startsWith('/')) stack = stack.slice(0, 1);
      todo.push(...target.split('/').reverse());
    } else {
      checkLength(childPath);
      const dir = newItem(edit, implicit(childPath));
      setChild(here.item, name, dir);
      if (!child) edit.size += 1;
      stack.push({ item: dir, path: childPath });
    }
  }
  return stack.at(-1) ?? { item: edit.root, path: '' };
}

function removeBelow(edit: Edit, path: string): void {
  const parent = makeParents(edit, path);
  edit.last = undefined;
  prune(edit, parent.item, baseName(path));
}

function emptyBelow(edit: Edit, path: string): void {
  // The mark is a file in the directory it empties.
  const { item } = makeParents(edit, joinPath(path, 'mark'));
  edit.last = undefined;
  for (const name of [...childrenOf(item).keys()]) prune(edit, item, name);
}

/** Removes of a child what lower layers put there. */
function prune(edit: Edit, parent: Item, name: string): void {
  const child = parent.children?.get(name);
  if (!child) return;
  const touched = child.epoch === edit.epoch;
  if (touched) {
    for (const inner of [...childrenOf(child).keys()]) prune(edit, child, inner);
    if (child.layer === edit.epoch) return;
    if (childrenOf(child).size > 0) {
      // Its metadata came from below; what this layer put into it stays.
      child.entry = implicit(child.entry.path);
      child.layer = edit.epoch;
      return;
    }
  }
  edit.size -= countOf(child);
  parent.children?.delete(name);
  parent.names = undefined;
}
