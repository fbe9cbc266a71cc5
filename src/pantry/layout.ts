import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ByteStream } from '../engine/bytes.ts';
import { EngineError } from '../engine/errors.ts';
import { type Digest, hexOf, parseDigest } from '../engine/oci/digest.ts';
import type { Descriptor } from '../engine/oci/image.ts';
import { ANNOTATION } from '../engine/oci/annotations.ts';
import { MEDIA } from '../engine/oci/media-types.ts';
import { errnoOf } from './errno.ts';
import { isRunning } from './is-running.ts';
import { diskError } from './packages/disk-error.ts';

/**
 * An OCI image layout in a folder, added to and never rewritten: blobs come by renaming complete
 * files, and `index.json` is replaced as a whole after the blobs it names are there.
 */
export interface Layout {
  readonly directory: string;
  /** Where a blob is, or would be. */
  blobPath(digest: Digest): string;
  /** Whether a blob is there with this size. */
  has(descriptor: Pick<Descriptor, 'digest' | 'size'>): Promise<boolean>;
  /** Writes a blob piece by piece; `finish` takes the digest that its writer computed. */
  begin(): Promise<BlobWriter>;
  put(bytes: Uint8Array, digest: Digest): Promise<void>;
  read(digest: Digest): Promise<Uint8Array>;
  stream(digest: Digest): ByteStream;
  /** Every image: one descriptor per reference and platform. */
  manifests(): Promise<readonly Descriptor[]>;
  /** Adds descriptors, in place of those with the same reference and platform. */
  add(descriptors: readonly Descriptor[]): Promise<void>;
}

export interface BlobWriter {
  write(bytes: Uint8Array): Promise<void>;
  finish(digest: Digest): Promise<void>;
  abort(): Promise<void>;
}

/** On descriptors of the index: the sum of the sizes of all files, which Docker shows as the image's size. */
export const UNPACKED_SIZE = 'dev.semdistro.unpacked-size';

const descriptorSchema = z.object({
  mediaType: z.string(),
  digest: z.string().transform((text) => parseDigest(text)),
  size: z.number().int().nonnegative(),
  annotations: z.record(z.string(), z.string()).exactOptional(),
  platform: z
    .object({ os: z.string(), architecture: z.string(), variant: z.string().exactOptional() })
    .exactOptional(),
});
const indexSchema = z.object({
  schemaVersion: z.literal(2),
  manifests: z.array(descriptorSchema),
});

/** Makes names of temporary files unique in this process, whoever opens which layout. */
let count = 0;

/** Opens a layout; the folder need not exist yet. */
export function openLayout(directory: string): Layout {
  const blobs = join(directory, 'blobs', 'sha256');
  const blobPath = (digest: Digest): string => join(blobs, hexOf(digest));
  let changing: Promise<void> = Promise.resolve();

  async function begin(): Promise<BlobWriter> {
    const temporary = join(directory, 'blobs', `.new-${process.pid}-${count++}`);
    try {
      await mkdir(blobs, { recursive: true });
      const file = await open(temporary, 'wx');
      return {
        async write(bytes) {
          try {
            await file.write(bytes);
          } catch (error) {
            throw diskError(error, directory);
          }
        },
        async finish(digest) {
          try {
            await file.sync();
            await file.close();
            await rename(temporary, blobPath(digest));
          } catch (error) {
            throw diskError(error, directory);
          }
        },
        async abort() {
          await file.close().catch(() => undefined);
          await rm(temporary, { force: true });
        },
      };
    } catch (error) {
      throw diskError(error, directory);
    }
  }

  const layout: Layout = {
    directory,
    blobPath,
    begin,
    async has({ digest, size }) {
      const found = await stat(blobPath(digest)).catch(() => undefined);
      return found?.size === size;
    },
    async put(bytes, digest) {
      if (await layout.has({ digest, size: bytes.length })) return;
      const writer = await begin();
      await writer.write(bytes);
      await writer.finish(digest);
    },
    read: (digest) => readFile(blobPath(digest)),
    stream: (digest) => createReadStream(blobPath(digest)),
    manifests: () => readIndex(directory),
    async add(descriptors) {
      const change = changing.then(() => locked(directory, () => merge(directory, descriptors)));
      changing = change.catch(() => undefined);
      await change;
    },
  };
  return layout;
}

async function readIndex(directory: string): Promise<readonly Descriptor[]> {
  const file = join(directory, 'index.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    if (errnoOf(error) === undefined) throw error;
    throw new EngineError('pantry-unreadable', `cannot read ${file}`, {
      hint: 'Look at who owns it, and that nothing else is in the place of its folder.',
      cause: error,
    });
  }
  try {
    return indexSchema.parse(JSON.parse(text)).manifests;
  } catch (error) {
    throw new EngineError('pantry-corrupt', `${file} is not the index of an image layout`, {
      hint: `Remove ${file} and run \`semdistro pantry build\` again: what is built is kept.`,
      cause: error,
    });
  }
}

/** What makes two descriptors the same image to whoever looks one up. */
function identity({ annotations, platform }: Descriptor): string {
  return `${annotations?.[ANNOTATION.refName] ?? ''} ${platform?.os ?? ''}/${platform?.architecture ?? ''}`;
}

async function merge(directory: string, added: readonly Descriptor[]): Promise<void> {
  const all = new Map((await readIndex(directory)).map((item) => [identity(item), item]));
  for (const item of added) all.set(identity(item), item);
  const manifests = [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  const index = { schemaVersion: 2, mediaType: MEDIA.ociIndex, manifests };
  await writeWhole(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeWhole(join(directory, 'index.json'), `${JSON.stringify(index, null, 1)}\n`);
}

/** Writes a file aside, makes sure it is on the disk, and renames it into place. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.new-${process.pid}`;
  try {
    const handle = await open(temporary, 'w');
    await handle.writeFile(content);
    await handle.sync();
    await handle.close();
    await rename(temporary, file);
  } catch (error) {
    throw diskError(error, file);
  }
}

/** Runs `change` while no other process changes the index; a lock whose process is gone does not count. */
async function locked(directory: string, change: () => Promise<void>): Promise<void> {
  const lock = join(directory, '.lock');
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    throw diskError(error, directory);
  }
  for (let tries = 0; ; tries++) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw diskError(error, directory);
      const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
      // An empty file belongs to someone who is about to write its number.
      if ((owner > 0 && !isRunning(owner)) || tries > 500) await rm(lock, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  try {
    await change();
  } finally {
    await rm(lock, { force: true });
  }
}

/** Removes what killed builds left half-written: files that bear the number of no running process. */
export async function removeLeftovers(directory: string): Promise<void> {
  const folder = join(directory, 'blobs');
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = Number(/^\.new-(\d+)-\d+$/.exec(name)?.[1]);
    if (pid > 0 && !isRunning(pid)) await rm(join(folder, name), { force: true });
  }
}
