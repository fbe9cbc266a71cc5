import { LOCK } from './messages.ts';

/** A byte range of a file that a process has or wants, as fcntl(2) has them. */
export interface LockRequest {
  /** Who: one process of one client. */
  readonly owner: string;
  readonly kind: number;
  readonly start: number;
  /** The first byte behind it; Infinity to the end of the file, wherever that is. */
  readonly end: number;
  /** The fid it came by. */
  readonly by: unknown;
}

/** The locks of one file. */
export interface LockTable {
  /** Whether it was granted. Unlocking always is. */
  lock(request: LockRequest): boolean;
  /** Calls `granted` as soon as it is; the result takes the wish back. */
  wait(request: LockRequest, granted: () => void): () => void;
  /** A lock that stands in the way. */
  conflict(request: LockRequest): LockRequest | undefined;
  /** Gives up all that came by a fid that is closed. */
  release(by: unknown): void;
}

const tables = new WeakMap<object, LockTable>();

/** The table of a file, the same for every client. */
export function locksOf(file: object): LockTable {
  let table = tables.get(file);
  if (!table) {
    table = lockTable();
    tables.set(file, table);
  }
  return table;
}

function lockTable(): LockTable {
  let held: readonly LockRequest[] = [];
  const waiting = new Map<LockRequest, () => void>();

  const conflict = (request: LockRequest): LockRequest | undefined =>
    held.find(
      (other) =>
        other.owner !== request.owner &&
        overlap(other, request) &&
        (other.kind === LOCK.types.write || request.kind === LOCK.types.write),
    );

  /** In place of what the owner had there. */
  function set(request: LockRequest): void {
    held = held.flatMap((other) =>
      other.owner === request.owner && overlap(other, request) ? without(other, request) : [other],
    );
    if (request.kind !== LOCK.types.unlock) held = [...held, request];
  }

  function grantWaiting(): void {
    for (const [request, granted] of waiting) {
      if (conflict(request)) continue;
      waiting.delete(request);
      set(request);
      granted();
    }
  }

  return {
    conflict,
    lock(request) {
      if (request.kind !== LOCK.types.unlock && conflict(request)) return false;
      set(request);
      // It may have been given up, or become a weaker one.
      if (request.kind !== LOCK.types.write) grantWaiting();
      return true;
    },
    wait(request, granted) {
      waiting.set(request, granted);
      return () => waiting.delete(request);
    },
    release(by) {
      for (const request of waiting.keys()) if (request.by === by) waiting.delete(request);
      const before = held.length;
      held = held.filter((lock) => lock.by !== by);
      if (held.length < before) grantWaiting();
    },
  };
}

function overlap(a: LockRequest, b: LockRequest): boolean {
  return a.start < b.end && b.start < a.end;
}

function without(lock: LockRequest, { start, end }: LockRequest): readonly LockRequest[] {
  const parts: LockRequest[] = [];
  if (lock.start < start) parts.push({ ...lock, end: start });
  if (lock.end > end) parts.push({ ...lock, start: end });
  return parts;
}
