import { type FileHandle, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ByteStream, once } from '../../engine/bytes.ts';
import { EngineError } from '../../engine/errors.ts';
import { type Digest, digestBy, digestOf, hexOf, isDigest } from '../../engine/oci/digest.ts';
import type { Platform } from '../../engine/platform.ts';
import { checkedStream } from '../../engine/store/checked.ts';
import { rangeWithin } from '../../engine/store/range.ts';
import type { Blob, BlobStore } from '../../engine/store/port.ts';
import { writeDurably } from './durable.ts';
import { errnoOf, foreign, inStore } from './fs-errors.ts';
import type { Temporaries } from './temporaries.ts';

const CHUNK = 256 * 1024;
/** Up to this a blob is checked by reading it into memory, which serves the read at hand as well. */
const SMALL = 1024 * 1024;

/** Blobs as files named by their digest, `<blobs>/<hex>`, as in an OCI image layout. `root` is for messages. */
export function folderBlobs(
  root: string,
  blobs: string,
  temporary: Temporaries,
  platform: Platform,
): BlobStore {
  const checked = new Map<Digest, Promise<void>>();
  const pathOf = (digest: Digest): string => join(blobs, hexOf(digest));
  /** A few bytes that are there already, undamaged, need no waiting for the disk. */
  const intact = async (bytes: Uint8Array): Promise<StoredBlob | undefined> => {
    if (bytes.length > SMALL) return undefined;
    const digest = digestOf(platform, bytes);
    if ((await fileSize(pathOf(digest))) !== bytes.length) return undefined;
    const there = await readFile(pathOf(digest));
    if (!there.equals(bytes)) return undefined;
    checked.set(digest, Promise.resolve());
    return { digest, size: bytes.length };
  };
  return {
    open: (digest) =>
      inStore(root, async () => {
        const size = await fileSize(pathOf(digest));
        if (size === undefined) return undefined;
        return folderBlob({ root, path: pathOf(digest), digest, size, platform, checked });
      }),
    put: (bytes, expected = {}) =>
      inStore(root, async () => {
        const known = bytes instanceof Uint8Array && (await intact(bytes));
        if (known && isExpected(known, expected)) return known;
        const source = foreign(bytes instanceof Uint8Array ? once(bytes) : bytes);
        const check = checkedStream(platform, source, expected);
        // Written again when it is there already: that mends a damaged file, and nobody can delete it meanwhile.
        await writeDurably(await temporary.next(), check.stream, () =>
          pathOf(check.result().digest),
        );
        checked.set(check.result().digest, Promise.resolve());
        return check.result();
      }),
    delete: (digest) =>
      inStore(root, async () => {
        checked.delete(digest);
        await rm(pathOf(digest), { force: true });
      }),
    async *list() {
      const names = await inStore(root, () => readdir(blobs));
      for (const name of names) {
        const digest = `sha256:${name}`;
        if (!isDigest(digest)) continue;
        const size = await inStore(root, () => fileSize(pathOf(digest)));
        if (size !== undefined) yield { digest, size };
      }
    },
  };
}

interface StoredBlob {
  readonly digest: Digest;
  readonly size: number;
}

function isExpected(blob: StoredBlob, expected: Partial<StoredBlob>): boolean {
  return (
    (expected.digest ?? blob.digest) === blob.digest && (expected.size ?? blob.size) === blob.size
  );
}

interface Stored {
  readonly root: string;
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
  readonly platform: Platform;
  /** Blobs this process has checked, or is checking. */
  readonly checked: Map<Digest, Promise<void>>;
}

function folderBlob(stored: Stored): Blob {
  return {
    digest: stored.digest,
    size: stored.size,
    read: (offset, length) =>
      inStore(stored.root, async () => {
        const { start, end } = rangeWithin(stored.size, offset, length);
        const whole = await check(stored);
        if (whole) return whole.slice(start, end);
        const bytes = new Uint8Array(end - start);
        await withFile(stored, (file) => fill(stored, file, bytes, start));
        return bytes;
      }),
    stream: () => streamOf(stored),
  };
}

async function* streamOf(stored: Stored): ByteStream {
  const whole = await inStore(stored.root, () => check(stored));
  if (whole) {
    if (whole.length > 0) yield whole;
    return;
  }
  const file = await inStore(stored.root, () => openFile(stored));
  try {
    for (let at = 0; at < stored.size; at += CHUNK) {
      const bytes = new Uint8Array(Math.min(CHUNK, stored.size - at));
      await inStore(stored.root, () => fill(stored, file, bytes, at));
      yield bytes;
    }
  } finally {
    await file.close();
  }
}

/** Hashes the blob unless this process has done so. Gives its bytes when it had to read all of them and they are few. */
async function check(stored: Stored): Promise<Uint8Array | undefined> {
  const { checked, digest } = stored;
  const known = checked.get(digest);
  if (known) {
    await known;
    return undefined;
  }
  const checking = stored.size <= SMALL ? checkSmall(stored) : checkLarge(stored);
  const done = checking.then(() => undefined);
  done.catch(() => undefined);
  checked.set(digest, done);
  try {
    return await checking;
  } catch (error) {
    // Not remembered: somebody may mend the file.
    checked.delete(digest);
    throw error;
  }
}

async function checkSmall(stored: Stored): Promise<Uint8Array> {
  const bytes = new Uint8Array(stored.size);
  await withFile(stored, (file) => fill(stored, file, bytes, 0));
  const actual = digestOf(stored.platform, bytes);
  if (actual !== stored.digest) throw corrupt(stored, `they hash to ${actual}`);
  return bytes;
}

async function checkLarge(stored: Stored): Promise<undefined> {
  const hasher = stored.platform.sha256();
  const buffer = new Uint8Array(SMALL);
  await withFile(stored, async (file) => {
    for (let at = 0; at < stored.size; at += buffer.length) {
      const bytes = buffer.subarray(0, Math.min(buffer.length, stored.size - at));
      await fill(stored, file, bytes, at);
      hasher.update(bytes);
    }
  });
  const actual = digestBy(hasher);
  if (actual !== stored.digest) throw corrupt(stored, `they hash to ${actual}`);
}

async function fill(
  stored: Stored,
  file: FileHandle,
  bytes: Uint8Array,
  offset: number,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, offset + at);
    if (bytesRead === 0) throw corrupt(stored, 'the file has become shorter');
    at += bytesRead;
  }
}

async function withFile<T>(stored: Stored, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openFile(stored);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function openFile(stored: Stored): Promise<FileHandle> {
  try {
    return await open(stored.path, 'r');
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    throw new EngineError('blob-missing', `content digest ${stored.digest}: not found`, {
      hint: 'Somebody removed it meanwhile; pull, load or build the image again.',
      cause: error,
    });
  }
}

async function fileSize(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function corrupt(stored: Stored, why: string): EngineError {
  return new EngineError(
    'blob-corrupt',
    `content digest ${stored.digest}: the stored bytes are damaged: ${why}`,
    { hint: `Remove ${stored.path}, then pull, load or build the image again.` },
  );
}
