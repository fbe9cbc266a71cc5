import { open, rm } from 'node:fs/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { z } from 'zod';
import { collect, type ByteStream } from '../../engine/bytes.ts';
import { compressionOf, MAGIC_LENGTH } from '../../engine/compression.ts';
import { streamByReading } from '../../engine/layer/content.ts';
import type { Content } from '../../engine/layer/entry.ts';
import { entriesOfTar } from '../../engine/layer/from-tar.ts';
import { cleanPath, parentPath } from '../../engine/layer/path.ts';
import { OWN_NAMES } from '../../engine/estargz/format.ts';
import { readTar } from '../../engine/tar/reader.ts';
import { EngineTrouble, type ImageLayer } from '../../verify/engine.ts';
import { apiError, troubleFrom } from './trouble.ts';
import type { Connection } from './connect.ts';
import { both } from './words.ts';

/** Layers of images, out of `docker save`, in a folder that its owner removes. */
export interface SavedLayers {
  /** The layers of an image, lowest first; each is fetched once, whichever image it is of. */
  of(id: string, diffIds: readonly string[]): Promise<readonly ImageLayer[]>;
}

const manifestSchema = z.array(z.object({ Layers: z.array(z.string()).nullish() })).min(1);
const MAX_DOCUMENT = 4 * 1024 * 1024;

/** `folder` is there and empty. Memory stays small: archives go to the disk, contents are read from there. */
export function savedLayers(connection: Connection, folder: string): SavedLayers {
  const known = new Map<string, ImageLayer>();
  const fetching = new Map<string, Promise<void>>();
  let count = 0;
  const newFile = (): string => join(folder, String(count++));

  async function fetchAll(id: string, diffIds: readonly string[]): Promise<void> {
    const archive = await readSaved(connection, id, { newFile, known });
    if (archive.layers.length !== diffIds.length) throw notAsSaid(id);
    const needed = new Set<string>();
    for (const [index, diffId] of diffIds.entries()) {
      const file = archive.layers[index];
      if (known.has(diffId)) continue;
      if (file === undefined) throw notAsSaid(id);
      const plain = await decompressed(file, newFile);
      const entries = await entriesOfTar(await fileContent(plain));
      // As everywhere here, what eStargz adds for itself is no file of the image.
      known.set(diffId, {
        diffId,
        entries: entries.filter(({ path }) => !OWN_NAMES.includes(path)),
      });
      needed.add(plain);
    }
    for (const file of archive.files) if (!needed.has(file)) await rm(file, { force: true });
  }

  return {
    async of(id, diffIds) {
      if (diffIds.some((diffId) => !known.has(diffId))) {
        const one = fetching.get(id) ?? fetchAll(id, diffIds).finally(() => fetching.delete(id));
        fetching.set(id, one);
        await one;
      }
      return diffIds.map((diffId) => {
        const layer = known.get(diffId);
        if (!layer) throw new Error(`layer ${diffId} was not fetched`);
        return layer;
      });
    },
  };
}

function notAsSaid(id: string): EngineTrouble {
  return new EngineTrouble(
    'engine-failed',
    both(
      `O arquivo da imagem \`${id}\` não tem as camadas que ela diz ter.`,
      `The archive of image \`${id}\` does not have the layers that it says it has.`,
    ),
  );
}

interface Saved {
  /** A file for each layer; undefined for those that are known, and were not written. */
  readonly layers: readonly (string | undefined)[];
  /** All that was written. */
  readonly files: readonly string[];
}

interface Target {
  readonly newFile: () => string;
  readonly known: ReadonlyMap<string, ImageLayer>;
}

/** Both layouts of `docker save`: `<id>/layer.tar` with links, and since Docker 25 `blobs/sha256/…`. */
async function readSaved(connection: Connection, id: string, target: Target): Promise<Saved> {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  let manifest: unknown;
  try {
    const archive = Readable.from(await connection.docker.getImage(id).get());
    for await (const { header, content } of readTar(bytesOf(archive))) {
      const path = cleanPath(header.name);
      if (header.type === 'symlink') {
        links.set(path, cleanPath(`${parentPath(path)}/${header.linkName}`));
      } else if (path === 'manifest.json') {
        manifest = JSON.parse(new TextDecoder().decode(await collect(content(), MAX_DOCUMENT)));
      } else if (header.type === 'file' && !target.known.has(diffIdOf(path))) {
        const file = target.newFile();
        await pipeline(content(), createWriteStream(file));
        files.set(path, file);
      }
    }
  } catch (error) {
    throw savingFailed(error);
  }
  const [image] = manifestSchema.parse(manifest);
  const layers = (image?.Layers ?? []).map((name) => {
    const path = cleanPath(name);
    return files.get(path) ?? files.get(links.get(path) ?? '');
  });
  return { layers, files: [...files.values()] };
}

/** Docker's own store has layers uncompressed, under their diff ID. */
function diffIdOf(path: string): string {
  return `sha256:${path.slice('blobs/sha256/'.length)}`;
}

async function* bytesOf(stream: Readable): ByteStream {
  for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
}

/** Our own disk may be the one that is full. */
function savingFailed(error: unknown): EngineTrouble {
  const { code } = apiError(error);
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return troubleFrom(error);
  return new EngineTrouble(
    'no-space',
    both(
      'Acabou o espaço para ler a imagem na pasta temporária.',
      'There is no space left in the temporary folder to read the image.',
    ),
    {
      advice: both(
        'Libere espaço, ou aponte `TMPDIR` para outro disco.',
        'Free some space, or let `TMPDIR` name another disk.',
      ),
      cause: error,
    },
  );
}

/** containerd's store has layers as they were pulled. */
async function decompressed(file: string, newFile: () => string): Promise<string> {
  const head = await (await fileContent(file)).read(0, MAGIC_LENGTH);
  const compression = compressionOf(head);
  if (compression === undefined) return file;
  const plain = newFile();
  const inflate = compression === 'zstd' ? createZstdDecompress() : createGunzip();
  await pipeline(createReadStream(file), inflate, createWriteStream(plain)).catch(
    (error: unknown) => {
      throw savingFailed(error);
    },
  );
  return plain;
}

async function fileContent(path: string): Promise<Content> {
  const handle = await open(path);
  const { size } = await handle.stat();
  await handle.close();
  // Opened for each reading: an image may have more layers than a process may have files open.
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const wanted = Math.max(0, Math.min(length, size - offset));
    const bytes = new Uint8Array(wanted);
    const file = await open(path);
    try {
      const { bytesRead } = await file.read(bytes, 0, wanted, offset);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  };
  return { size, read, stream: () => streamByReading({ size, read }) };
}
