import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteStream } from '../engine/bytes.ts';
import { EngineError } from '../engine/errors.ts';
import type { ImageSource } from '../engine/images/source.ts';
import { type Digest, hexOf } from '../engine/oci/digest.ts';
import { layoutSource } from '../engine/store/layout-source.ts';
import type { Blob, BlobReader } from '../engine/store/port.ts';
import { rangeWithin } from '../engine/store/range.ts';
import { errnoOf } from './errno.ts';
import { STEPS_FILE } from './build-steps.ts';

/**
 * The images that `semdistro pantry build` has made, for the engine; `directory` is the image
 * layout (`.cache/pantry`). A folder that is not there is an empty pantry. Large blobs are hashed
 * once per process, before their first byte is given; `blob-corrupt` when one is damaged.
 */
export function pantrySource(directory: string): ImageSource {
  return layoutSource({
    name: 'pantry',
    blobs: folderReader(directory),
    async readIndex() {
      try {
        return await readFile(join(directory, 'index.json'));
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    async readSteps() {
      try {
        return await readFile(join(directory, STEPS_FILE));
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
  });
}

function folderReader(directory: string): BlobReader {
  const checked = new Map<Digest, Promise<void>>();
  return {
    async open(digest): Promise<Blob | undefined> {
      const path = join(directory, 'blobs', 'sha256', hexOf(digest));
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile() !== true) return undefined;
      const check = async (): Promise<void> => {
        const checking = checked.get(digest) ?? checkFile(path, digest);
        checked.set(digest, checking);
        await checking;
      };
      return {
        digest,
        size: found.size,
        async read(offset, length) {
          await check();
          const { start, end } = rangeWithin(found.size, offset, length);
          return readRange(path, start, end);
        },
        async *stream(): ByteStream {
          await check();
          for await (const chunk of createReadStream(path)) yield chunk as Uint8Array; // a stream without encoding yields bytes
        },
      };
    },
  };
}

async function checkFile(path: string, digest: Digest): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array); // as above
  if (hash.digest('hex') === hexOf(digest)) return;
  throw new EngineError('blob-corrupt', `${path} does not have the digest it is named by`, {
    hint: 'Delete the file and run `semdistro pantry build` again.',
  });
}

async function readRange(path: string, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  const file = await open(path);
  try {
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0) throw new Error(`${path} became shorter while it was read`);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return bytes;
}
