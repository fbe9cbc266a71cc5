import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ByteStream } from '../../engine/bytes.ts';
import { EngineError } from '../../engine/errors.ts';
import type { Content } from '../../engine/layer/entry.ts';
import { rangeWithin } from '../../engine/store/range.ts';
import { errnoOf } from '../store/fs-errors.ts';
import { fileError } from './file-errors.ts';
import type { Pause } from './pause.ts';

/** A regular file as it was when it was looked at. */
export interface SeenFile {
  readonly path: string | Buffer;
  /** As its user knows it, for messages. */
  readonly shown: string;
  readonly stat: Stats;
  /** Asked before each reading of a small file; a large one waits for the system anyway. */
  readonly pause?: Pause;
}

const CHUNK = 256 * 1024;
/** Up to this a file is read without leaving the thread: the way through Node's pool takes longer than the reading. */
const SMALL = 128 * 1024;

/**
 * The bytes of a file, read when they are needed. Rejects with `context-changed` when the file is
 * no longer the one that was seen (another inode, size or modification time), also when it changes under a stream.
 */
export function fileContent(seen: SeenFile): Content {
  const { size } = seen.stat;
  return {
    size,
    async read(offset, length) {
      const { start, end } = rangeWithin(size, offset, length);
      await seen.pause?.();
      return end - start <= SMALL
        ? readNow(seen, start, end - start)
        : readPart(seen, start, end - start);
    },
    stream: () => streamOf(seen),
  };
}

async function* streamOf(seen: SeenFile): ByteStream {
  const { size } = seen.stat;
  const paused = seen.pause?.();
  if (paused) await paused;
  if (size <= SMALL) {
    const bytes = readNow(seen, 0, size);
    if (bytes.length > 0) yield bytes;
    return;
  }
  for (let at = 0; at < size; at += CHUNK) {
    yield await readPart(seen, at, Math.min(CHUNK, size - at));
  }
}

function readNow(seen: SeenFile, offset: number, length: number): Uint8Array {
  try {
    const fd = openSync(seen.path, constants.O_RDONLY | NO_FOLLOW);
    try {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length;) {
        const count = readSync(fd, bytes, at, length - at, offset + at);
        if (count === 0) throw changed(seen);
        at += count;
      }
      // Looked at after reading: whatever was written before is found, too.
      checkSame(seen, fstatSync(fd));
      return bytes;
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw readError(error, seen);
  }
}

async function readPart(seen: SeenFile, offset: number, length: number): Promise<Uint8Array> {
  try {
    const file = await open(seen.path, constants.O_RDONLY | NO_FOLLOW);
    try {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length;) {
        const { bytesRead } = await file.read(bytes, at, length - at, offset + at);
        if (bytesRead === 0) throw changed(seen);
        at += bytesRead;
      }
      checkSame(seen, await file.stat());
      return bytes;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readError(error, seen);
  }
}

// Windows has no such flag; undefined there, whatever the types say.
const NO_FOLLOW = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;

function checkSame(seen: SeenFile, now: Stats): void {
  const { ino, size, mtimeMs } = seen.stat;
  if (now.ino !== ino || now.size !== size || now.mtimeMs !== mtimeMs) throw changed(seen);
}

function readError(error: unknown, seen: SeenFile): unknown {
  // It was a regular file: that it is gone, a link or below another kind of thing now is a change.
  const gone = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR'].includes(errnoOf(error) ?? '');
  return gone ? changed(seen) : fileError(error, 'open', seen.shown);
}

function changed(seen: SeenFile): EngineError {
  return new EngineError('context-changed', `${seen.shown}: file changed while it was being read`, {
    hint: 'Run the command again when nothing writes to the file.',
  });
}
