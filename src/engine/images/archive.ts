import { type ByteStream, collect, concat } from '../bytes.ts';
import { compressionOf, MAGIC_LENGTH } from '../compression.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { cleanPath, parentPath } from '../layer/path.ts';
import { type Digest, isDigest } from '../oci/digest.ts';
import { readTar } from '../tar/reader.ts';
import { MAX_DOCUMENT } from './documents.ts';

/** A member of an archive, by now in the store. */
export interface Member {
  readonly digest: Digest;
  readonly size: number;
}

/** An image archive read to its end: what was in it lies in the store, under its digest. */
export interface Archive {
  /** A file of the archive, through links. Errors: `archive-invalid` when it is not there. */
  member(path: string): Member;
  /** One of the documents at the top: `manifest.json`, `index.json`, `repositories`. */
  document(name: string): Uint8Array | undefined;
}

const DOCUMENTS = new Set(['manifest.json', 'index.json', 'repositories', 'oci-layout']);
const MAX_MEMBERS = 20_000;
const MAX_LINKS = 40;

/**
 * Reads a tar, or a gzip of one, as it arrives; every file goes straight to the store, and one
 * named `blobs/sha256/…` must have that digest. The caller holds a lease on the store.
 * Errors: `archive-invalid`, `path-escape`, `blob-mismatch`, those of `readTar` and of the store.
 */
export async function readArchive(
  engine: Engine,
  stream: ByteStream,
  signal: AbortSignal,
): Promise<Archive> {
  const members = new Map<string, Member>();
  const documents = new Map<string, Uint8Array>();
  const links = new Map<string, string>();
  const seen = new Set<string>();
  // A store takes its time to make a blob survive a kill: the next one is read meanwhile.
  const storing: Promise<unknown>[] = [];
  try {
    for await (const { header, content } of readTar(await decompressed(engine, stream, signal))) {
      const path = cleanPath(header.name);
      if (header.type === 'dir') continue;
      if (seen.has(path)) throw invalid(`${JSON.stringify(path)} is there twice`);
      seen.add(path);
      if (seen.size > MAX_MEMBERS) throw invalid(`more than ${MAX_MEMBERS} files`);
      if (header.type === 'symlink' || header.type === 'hardlink') {
        const base = header.type === 'symlink' ? `${parentPath(path)}/` : '';
        links.set(path, cleanPath(`${base}${header.linkName}`));
      } else if (header.type !== 'file') {
        throw invalid(`${JSON.stringify(path)} is neither a file nor a link`);
      } else if (DOCUMENTS.has(path)) {
        if (header.size > MAX_DOCUMENT) throw invalid(`${path} has ${header.size} bytes`);
        documents.set(path, await collect(content(), MAX_DOCUMENT));
      } else {
        const digest = `sha256:${path.slice('blobs/sha256/'.length)}`;
        const named = path.startsWith('blobs/sha256/') && isDigest(digest) ? { digest } : {};
        const read = Promise.withResolvers<undefined>();
        const stored = engine.store.blobs
          .put(untilRead(content(), read.resolve), named)
          .then((member) => members.set(path, member));
        // Looked at once all are read; until then a failure must not count as nobody's.
        stored.catch(() => undefined);
        storing.push(stored);
        await Promise.race([read.promise, stored]);
      }
    }
  } finally {
    await Promise.allSettled(storing);
  }
  await Promise.all(storing);
  return {
    document: (name) => documents.get(name),
    member(path) {
      let at = cleanPath(path);
      for (let hops = 0; hops < MAX_LINKS; hops++) {
        const found = members.get(at);
        if (found) return found;
        const target = links.get(at);
        if (target === undefined) throw invalid(`it has no ${JSON.stringify(path)}`);
        at = target;
      }
      throw invalid(`${JSON.stringify(path)} is a link that leads nowhere`);
    },
  };
}

/** The same stream; `done` is called when its last byte has been taken. */
async function* untilRead(stream: ByteStream, done: (nothing: undefined) => void): ByteStream {
  yield* stream;
  done(undefined);
}

export function invalid(why: string): EngineError {
  return new EngineError('archive-invalid', `invalid image archive: ${why}`, {
    hint: 'An image archive is what "docker save" writes, or an OCI image layout in a tar.',
  });
}

/** The archive without its compression, told by its first bytes. */
export async function decompressed(
  engine: Engine,
  stream: ByteStream,
  signal: AbortSignal,
): Promise<ByteStream> {
  const source = stream[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let length = 0;
  while (length < MAGIC_LENGTH) {
    const next = await source.next();
    if (next.done === true) break;
    head.push(next.value);
    length += next.value.length;
  }
  const whole = rejoined(head, source, signal);
  if (length === 0) throw invalid('it is empty');
  const compression = compressionOf(concat(head));
  if (compression === undefined) return whole;
  if (compression === 'gzip') return engine.platform.gunzip(whole);
  await source.return?.();
  throw new EngineError('archive-unsupported', `the archive is compressed with ${compression}`, {
    hint: 'Only gzip can be read here: decompress it first.',
  });
}

async function* rejoined(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
  signal: AbortSignal,
): ByteStream {
  try {
    yield* head;
    for (;;) {
      signal.throwIfAborted();
      const next = await rest.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}
