import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EngineError } from '../../engine/errors.ts';
import { storeError } from './fs-errors.ts';

export interface Held {
  release(): void;
}

/** How long to wait for another process before giving up: far longer than any holder needs. */
const PATIENCE_MS = 60_000;
const SQLITE = { perm: 3, busy: 5, readOnly: 8, full: 13, cantOpen: 14 } as const;

/**
 * Takes the lock named by a file, or gives undefined when somebody has it: another process, or
 * another holder in this one. The operating system releases it when its holder dies, however it dies.
 *
 * Node has no flock(2). SQLite, which comes with Node, has the same on every system, so an exclusive
 * transaction on an empty database that is never written is the lock. Mind: nothing else in
 * the process may open the file, closing it would drop the lock (POSIX record locks do that).
 */
export async function tryLock(path: string): Promise<Held | undefined> {
  // Loaded at the first write only: most commands just read.
  const { DatabaseSync } = await import('node:sqlite');
  let database;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    // Beginning on an empty database opens a journal, which need not be a file.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    const code = sqliteCode(error);
    if (code === SQLITE.busy) return undefined;
    throw await lockError(error, code, path);
  }
  const held = database;
  return {
    release() {
      held.close();
    },
  };
}

/** Runs an action with the lock held, waiting for it. Rejects with `store-locked` after a minute of waiting. */
export async function withLock<T>(
  path: string,
  action: () => Promise<T>,
  patience = PATIENCE_MS,
): Promise<T> {
  return inTurn(path, async () => {
    const held = await waitForLock(path, patience);
    try {
      return await action();
    } finally {
      held.release();
    }
  });
}

const queues = new Map<string, Promise<unknown>>();

/** Those of this process queue up, so that only one of them at a time has to ask again and again. */
async function inTurn<T>(path: string, action: () => Promise<T>): Promise<T> {
  const mine = (queues.get(path) ?? Promise.resolve()).then(action);
  const settled = mine.catch(() => undefined);
  queues.set(path, settled);
  try {
    return await mine;
  } finally {
    if (queues.get(path) === settled) queues.delete(path);
  }
}

async function waitForLock(path: string, patience: number): Promise<Held> {
  const deadline = performance.now() + patience;
  for (let wait = 1; ; wait = Math.min(wait * 2, 25)) {
    const held = await tryLock(path);
    if (held) return held;
    if (performance.now() > deadline) {
      throw new EngineError('store-locked', `another process has held ${path} for too long`, {
        hint: 'Look for another semdistro that hangs, and end it.',
      });
    }
    // Not in step with others that wait.
    await pause(wait * (0.5 + Math.random()));
  }
}

function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  // The low byte is the class of the error; what is above it, the detail.
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** SQLite does not tell why it cannot open a file; asking the folder does. */
async function lockError(error: unknown, code: number | undefined, path: string): Promise<unknown> {
  if (code === undefined) return error;
  try {
    await access(dirname(path), constants.W_OK | constants.X_OK);
  } catch (reason) {
    return storeError(reason, dirname(path));
  }
  const errno = errnoFor(code);
  return storeError(
    Object.assign(new Error(`lock ${path}`, { cause: error }), { code: errno }),
    dirname(path),
  );
}

function errnoFor(code: number): string {
  switch (code) {
    case SQLITE.full:
      return 'ENOSPC';
    case SQLITE.perm:
    case SQLITE.readOnly:
    case SQLITE.cantOpen:
      return 'EACCES';
    default:
      return 'EIO';
  }
}
