import type { Entry } from '../layer/entry.ts';
import { joinPath } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';

/** A line of `docker diff`: added, changed, deleted. `path` as in `Entry`. */
export interface PathChange {
  readonly kind: 'A' | 'C' | 'D';
  readonly path: string;
}

/**
 * What became of a container's file system, by Docker's rules: a directory is changed when its mode or
 * owner is, or something in it; a file also when its size or time is. Parents first, names sorted
 * (Docker's order among names is chance). Shared parts of the trees cost nothing.
 */
export function* pathChanges(
  base: FileTree,
  now: FileTree,
): Generator<PathChange, void, undefined> {
  yield* changesIn(base, now, '');
}

function* changesIn(
  base: FileTree,
  now: FileTree,
  dir: string,
): Generator<PathChange, void, undefined> {
  const names = new Set([...base.list(dir), ...now.list(dir)]);
  for (const name of [...names].sort()) {
    const path = joinPath(dir, name);
    const before = base.get(path);
    const after = now.get(path);
    if (before === after) continue;
    if (!after) {
      yield { kind: 'D', path };
      continue;
    }
    // Nothing is told of what a directory held that is none any more.
    const inside = after.entry.type === 'dir' ? changesIn(base, now, path) : [];
    if (!before) yield { kind: 'A', path };
    else if (isDifferent(before.entry, after.entry)) yield { kind: 'C', path };
    else {
      const [first, rest] = peek(inside);
      if (!first) continue;
      yield { kind: 'C', path };
      yield first;
      yield* rest;
      continue;
    }
    yield* inside;
  }
}

function peek<T>(items: Iterable<T>): readonly [first: T | undefined, rest: Iterable<T>] {
  const iterator = items[Symbol.iterator]();
  const first: IteratorResult<T, unknown> = iterator.next();
  return [first.done === true ? undefined : first.value, { [Symbol.iterator]: () => iterator }];
}

function isDifferent(before: Entry, after: Entry): boolean {
  if (before.type !== after.type || before.mode !== after.mode) return true;
  if (before.uid !== after.uid || before.gid !== after.gid) return true;
  if (before.type === 'dir') return false;
  return (
    before.size !== after.size ||
    Math.floor(before.mtime) !== Math.floor(after.mtime) ||
    before.target !== after.target ||
    before.device?.major !== after.device?.major ||
    before.device?.minor !== after.device?.minor
  );
}
