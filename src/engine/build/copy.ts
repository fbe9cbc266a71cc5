import { EngineError } from '../errors.ts';
import type { Entry } from '../layer/entry.ts';
import { baseName, joinPath, parentPath } from '../layer/path.ts';
import type { FileTree, Node } from '../layer/tree.ts';
import type { Chmod } from './chmod.ts';
import type { Selected } from './select.ts';
import { linkTo } from './tree-entries.ts';
import type { Owner, Upper } from './upper.ts';

export interface CopyOptions {
  /** `/dest`, absolute; a slash or `/.` at its end means a directory. */
  readonly destination: string;
  readonly owner?: Owner;
  readonly chmod?: Chmod;
  /** Time for directories that have to be made, and for everything when `epoch` is set. */
  readonly mtime: number;
  /** SOURCE_DATE_EPOCH, in seconds: every time copied becomes it. */
  readonly epoch?: number;
}

/**
 * Copies one selected source as BuildKit does: a directory's contents rather than itself, the
 * directory at the destination keeps owner and mode when it is there already, those below it are
 * overwritten, files never replace directories. Errors name the path in the image:
 * `copy-over-file`, `copy-over-directory`, `not-a-directory`.
 */
export function copyInto(
  upper: Upper,
  source: FileTree,
  selected: Selected,
  options: CopyOptions,
): void {
  const { node } = selected;
  const made = { mtime: options.mtime, ...options.owner };
  const { destination } = options;
  const last = baseName(destination);
  const isDirectory = last === '' || last === '.';
  upper.makeDirectories(upper.resolve(isDirectory ? destination : parentPath(destination)), made);
  const isSourceDirectory = node.entry.type === 'dir';
  let target = upper.resolve(destination);
  if (isSourceDirectory) {
    if (!upper.get(target)) upper.makeDirectories(target, made);
  } else if (upper.get(target)?.type === 'dir') {
    target = joinPath(target, selected.name);
  }
  upper.makeDirectories(parentPath(target), made);
  copyNode({ upper, source, options, selected, links: new Map() }, node, target, true);
}

interface Copying {
  readonly upper: Upper;
  readonly source: FileTree;
  readonly options: CopyOptions;
  readonly selected: Selected;
  /** First copy of an inode: later ones become hard links to it. */
  readonly links: Map<number, string>;
}

function copyNode(copying: Copying, node: Node, target: string, isTop: boolean): void {
  const { upper, source, selected } = copying;
  if (node.entry.type !== 'dir') {
    copyFile(copying, node, target);
    return;
  }
  const existing = upper.get(target);
  if (existing && existing.type !== 'dir') {
    throw new EngineError('copy-over-file', `cannot copy to non-directory: /${target}`, {
      hint: 'The image has a file where the directory should go.',
    });
  }
  const stated = { ...withOwnerAndMode(copying, node.entry), path: target };
  upper.put(isTop && existing ? { ...existing, mtime: stated.mtime } : stated);
  for (const name of source.list(node.entry.path)) {
    const child = source.get(joinPath(node.entry.path, name));
    if (child && selected.wants(child.entry)) {
      copyNode(copying, child, joinPath(target, name), false);
    }
  }
}

function copyFile({ links, ...copying }: Copying, node: Node, target: string): void {
  const { upper } = copying;
  if (upper.get(target)?.type === 'dir') {
    throw new EngineError(
      'copy-over-directory',
      `cannot replace to directory /${target} with file`,
      { hint: 'The image has a directory where the file should go.' },
    );
  }
  const entry = { ...withOwnerAndMode(copying, node.entry), path: target };
  const first = links.get(node.inode);
  if (first !== undefined && first !== target) {
    upper.put(linkTo(entry, first));
    return;
  }
  links.set(node.inode, target);
  upper.put(entry);
}

function withOwnerAndMode({ options }: Pick<Copying, 'options'>, entry: Entry): Entry {
  const { owner, chmod, epoch } = options;
  const mode =
    chmod && entry.type !== 'symlink' ? chmod(entry.mode, entry.type === 'dir') : entry.mode;
  return { ...entry, mode, ...owner, mtime: epoch ?? entry.mtime };
}
