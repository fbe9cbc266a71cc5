import type { Entry } from '../layer/entry.ts';
import { parentPath } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';
import { followIn } from './follow.ts';

/**
 * The changes without what was only made to mount something on: the missing mount points and the
 * directories above them, where they are still empty. As BuildKit does it: one that a process put something
 * into stays, and directories it lies in count as changed.
 */
export function withoutStubs(
  changes: readonly Entry[],
  base: FileTree,
  targets: readonly string[],
): readonly Entry[] {
  const get = (path: string): Entry | undefined => base.get(path)?.entry;
  const stubs = new Set<string>();
  for (const target of targets) {
    for (let at = followIn(get, target).path; at !== '' && !get(at); at = parentPath(at)) {
      stubs.add(at);
    }
  }
  const inside = new Map<string, number>();
  for (const { path } of changes) {
    const above = parentPath(path);
    inside.set(above, (inside.get(above) ?? 0) + 1);
  }
  const removed = new Set<string>();
  // What lies deepest goes first, so that what is above it can go too.
  for (const path of [...stubs].sort((a, b) => b.length - a.length)) {
    const entry = changes.find((one) => one.path === path && one.type !== 'opaque');
    const isEmpty =
      entry?.type === 'dir'
        ? (inside.get(path) ?? 0) === 0
        : entry?.type === 'file' && entry.size === 0;
    if (!isEmpty) continue;
    removed.add(path);
    const above = parentPath(path);
    inside.set(above, (inside.get(above) ?? 1) - 1);
  }
  return changes.filter(({ path }) => !removed.has(path));
}
