import { Readable } from 'node:stream';
import type { Container as Handle } from 'dockerode';
import { z } from 'zod';
import { collect } from '../../engine/bytes.ts';
import { contentOf } from '../../engine/layer/content.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { entryFromTar } from '../../engine/layer/from-tar.ts';
import { baseName, cleanPath, parentPath } from '../../engine/layer/path.ts';
import { readTar } from '../../engine/tar/reader.ts';
import { EngineTrouble } from '../../verify/engine.ts';
import type { Connection } from './connect.ts';
import { apiError, troubleFrom } from './trouble.ts';
import { both } from './words.ts';

const MAX_FILE = 64 * 1024 * 1024;
/** Go's os.FileMode of a symbolic link. */
const GO_SYMLINK = 0x0800_0000;

/** What is at a path of a container; a link is not followed. Errors: EngineTrouble. */
export async function fileIn(
  { kind }: Connection,
  handle: Handle,
  path: string,
): Promise<Entry | undefined> {
  // Podman sends what a link leads to: the link itself is in the archive of its folder.
  if (kind === 'podman' && (await isLink(handle, path))) {
    const parent = parentPath(cleanPath(path));
    const name = baseName(cleanPath(path));
    return readArchive(handle, `/${parent}`, {
      wanted: (entry) => baseName(entry) === name && entry.split('/').length <= 2,
      path,
    });
  }
  // A folder's contents come behind it.
  return readArchive(handle, path, { wanted: () => true, path });
}

const headersSchema = z.object({ 'x-docker-container-path-stat': z.string() });
const statSchema = z.object({ mode: z.number() });

async function isLink(handle: Handle, path: string): Promise<boolean> {
  try {
    const answer: unknown = await handle.infoArchive({ path });
    const { headers } = z.object({ headers: headersSchema }).parse(answer);
    const stat = Buffer.from(headers['x-docker-container-path-stat'], 'base64').toString();
    return (statSchema.parse(JSON.parse(stat)).mode & GO_SYMLINK) !== 0;
  } catch (error) {
    if (apiError(error).status === 404) return false;
    throw troubleFrom(error);
  }
}

interface Looking {
  /** Of an entry's name in the archive. */
  readonly wanted: (name: string) => boolean;
  /** What the entry is called then. */
  readonly path: string;
}

async function readArchive(
  handle: Handle,
  at: string,
  { wanted, path }: Looking,
): Promise<Entry | undefined> {
  let archive: NodeJS.ReadableStream;
  try {
    archive = await handle.getArchive({ path: at });
  } catch (error) {
    if (apiError(error).status === 404) return undefined;
    throw troubleFrom(error);
  }
  for await (const { header, content } of readTar(bytesOf(Readable.from(archive)))) {
    if (!wanted(cleanPath(header.name))) continue;
    if (header.size > MAX_FILE) throw tooLarge(path, header.size);
    const bytes = header.type === 'file' ? await collect(content(), MAX_FILE) : new Uint8Array(0);
    return { ...entryFromTar(header, contentOf(bytes), 'keep'), path: cleanPath(path) };
  }
  return undefined;
}

async function* bytesOf(stream: Readable): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
}

function tooLarge(path: string, size: number): EngineTrouble {
  return new EngineTrouble(
    'too-large',
    both(
      `O arquivo \`${path}\` do contêiner tem ${size} bytes, demais para ler aqui.`,
      `File \`${path}\` of the container has ${size} bytes, too many to read here.`,
    ),
  );
}
