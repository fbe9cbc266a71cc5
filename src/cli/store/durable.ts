import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ByteStream } from '../../engine/bytes.ts';
import { errnoOf } from './fs-errors.ts';

const WRITE_SIZE = 256 * 1024;

/**
 * Writes a new file `temporary` and gives it its final name, replacing what had it. `place` names
 * the file once all bytes are written. When this resolves the file survives a power cut; when it
 * rejects, `temporary` is gone and the final name is as before. Both must be on one file system.
 */
export async function writeDurably(
  temporary: string,
  bytes: ByteStream,
  place: () => Promise<string> | string,
  mode = 0o666,
): Promise<void> {
  const final = await replace(temporary, bytes, place, { mode, sync: true });
  await syncDirectory(dirname(final));
}

/** The same for what need not survive a power cut: several times as fast. */
export async function writeAside(
  temporary: string,
  bytes: ByteStream,
  place: () => Promise<string> | string,
): Promise<void> {
  await replace(temporary, bytes, place, { mode: 0o666, sync: false });
}

async function replace(
  temporary: string,
  bytes: ByteStream,
  place: () => Promise<string> | string,
  { mode, sync }: { readonly mode: number; readonly sync: boolean },
): Promise<string> {
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(gathered(bytes));
      if (sync) await handle.sync();
    } finally {
      await handle.close();
    }
    const final = await place();
    await rename(temporary, final);
    return final;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Makes the names in a directory survive a power cut. */
export async function syncDirectory(dir: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(dir, 'r');
  } catch (error) {
    // Windows opens no directories, and needs no such step.
    if (errnoOf(error) === 'EISDIR' || errnoOf(error) === 'EPERM') return;
    throw error;
  }
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Tars come in pieces of 512 bytes: one system call for each would cost more than the hashing. The
 * buffer is used again and again, so each chunk must be written before the next is asked for.
 */
async function* gathered(bytes: ByteStream): ByteStream {
  const buffer = new Uint8Array(WRITE_SIZE);
  let length = 0;
  for await (const chunk of bytes) {
    if (length + chunk.length > buffer.length) {
      yield buffer.subarray(0, length);
      length = 0;
    }
    if (chunk.length > buffer.length) {
      yield chunk;
    } else {
      buffer.set(chunk, length);
      length += chunk.length;
    }
  }
  if (length > 0) yield buffer.subarray(0, length);
}
