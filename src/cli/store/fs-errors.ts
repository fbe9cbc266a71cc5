import type { ByteStream } from '../../engine/bytes.ts';
import { EngineError } from '../../engine/errors.ts';
import { errnoOf } from '../../pantry/errno.ts';

export { errnoOf };

/**
 * What a failure of the store's folder means to its user. EngineErrors pass through, and so does
 * what is no file system error at all: a bug.
 */
export function storeError(error: unknown, dir: string): unknown {
  const code = errnoOf(error);
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  if (error instanceof EngineError || (error instanceof Error && foreigners.has(error))) {
    return error;
  }
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new EngineError('store-full', `no space left for the store in ${dir}`, {
        hint: 'Free some disk space (`semdistro docker image prune` removes unused images) and run the command again; nothing that was finished is lost.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new EngineError('store-permission', `permission denied on the store in ${dir}`, {
        hint: 'Make the folder writable for you, or name another one in SEMDISTRO_HOME.',
        cause: error,
      });
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EISDIR':
      return new EngineError('store-path', `${dir} is not a store: a file is in its way`, {
        hint: 'Move the file away, or name another folder in SEMDISTRO_HOME.',
        cause: error,
      });
    default:
      return new EngineError('store-io', `the store in ${dir} failed: ${message(error)}`, {
        hint: 'Look at the disk; what the store had reported done before is safe.',
        cause: error,
      });
  }
}

const foreigners = new WeakSet();

/** Marks what a stream from elsewhere throws: that a file to be stored cannot be read is not the store's failure. */
export async function* foreign(source: ByteStream): ByteStream {
  try {
    yield* source;
  } catch (error) {
    if (error instanceof Error) foreigners.add(error);
    throw error;
  }
}

/** Runs an action on the store's folder with its failures worded by `storeError`. */
export async function inStore<T>(dir: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storeError(error, dir);
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
