import { type ByteStream, concat } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import { MAX_DOCUMENT } from '../images/documents.ts';
import type { ImageSource } from '../images/source.ts';
import { byteCache, type ByteCache } from '../layer/byte-cache.ts';
import { type Digest, digestBy, digestOf, hexOf } from '../oci/digest.ts';
import type { Platform } from '../platform.ts';
import { blockReader } from './block-reader.ts';
import { type Answer, bodyUpTo, type Fetch, get } from './http-request.ts';
import { layoutSource } from './layout-source.ts';
import { memoryBlob } from './memory-blob.ts';
import type { Blob, BlobReader } from './port.ts';
import { rangeWithin } from './range.ts';

/** Fetched when a blob is opened: all of most manifests and configs, so that one request does for them. */
const PROBE = 16 * 1024;
/** Up to this a blob is fetched whole and checked whatever part of it is wanted. */
const SMALL = 1024 * 1024;
/** From a server without ranges a blob must be taken whole, into memory. */
const MAX_WHOLE = 512 * 1024 * 1024;
const CACHE = 16 * 1024 * 1024;

export interface HttpLayout {
  /** Where `index.json` and `blobs/` are: `https://example.org/pantry/`. */
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly platform: Platform;
  /** What came from there was damaged: a `fetch` that keeps answers must ask anew. */
  readonly forget?: ((url: string) => void) | undefined;
  /** As shown to the user; `pantry` when not given. */
  readonly name?: string;
}

/**
 * Images of an OCI image layout on a static web server. Reads what is needed by HTTP range, where
 * the server knows ranges. Small blobs are checked before anything is given; of large ones streams
 * are checked at their end, and ranges not at all (an eStargz reader checks each chunk). Of what turns
 * out to be damaged nothing is kept.
 * Errors: `source-unreachable` (try again), `source-refused`, `blob-corrupt`, `blob-missing`.
 */
export function httpLayoutSource(layout: HttpLayout): ImageSource {
  const base = layout.baseUrl.replace(/\/*$/, '/');
  return layoutSource({
    name: layout.name ?? 'pantry',
    blobs: httpBlobs(layout),
    async readIndex() {
      const answer = await get(layout.fetch, `${base}index.json`);
      return answer && bodyUpTo(answer, MAX_DOCUMENT);
    },
    async readSteps() {
      const answer = await get(layout.fetch, `${base}build-cache.json`);
      return answer && bodyUpTo(answer, MAX_DOCUMENT);
    },
  });
}

/** Only the blobs of such a layout. */
export function httpBlobs({ baseUrl, fetch, platform, forget }: HttpLayout): BlobReader {
  const base = baseUrl.replace(/\/*$/, '/');
  const cache = byteCache(CACHE);
  const sizes = new Map<Digest, number>();
  return {
    async open(digest) {
      const url = `${base}blobs/sha256/${hexOf(digest)}`;
      const place = { url, digest, fetch, platform, forget, cache, sizes };
      const whole = cache.get(digest);
      if (whole) return memoryBlob(digest, whole);
      const known = sizes.get(digest);
      if (known !== undefined) return rangedBlob(place, known);
      const answer = await get(fetch, url, { start: 0, end: PROBE });
      if (!answer) return undefined;
      return answer.partial ? openRanged(place, answer) : openWhole(place, answer);
    },
  };
}

interface Place {
  readonly url: string;
  readonly digest: Digest;
  readonly fetch: Fetch;
  readonly platform: Platform;
  readonly forget: HttpLayout['forget'];
  /** Small blobs whole, checked, under their digest; blocks of large ones. */
  readonly cache: ByteCache;
  /** Of large blobs, so that one that is opened again costs no request. As the server told them. */
  readonly sizes: Map<Digest, number>;
}

async function openRanged(place: Place, answer: Answer): Promise<Blob> {
  const head = await bodyUpTo(answer, PROBE);
  const size = answer.total ?? (head.length < PROBE ? head.length : undefined);
  if (size === undefined || answer.start !== 0) {
    throw new EngineError('source-refused', `${place.url}: the server does not tell the size`, {
      hint: 'It must answer range requests with Content-Range (and expose it to other origins).',
    });
  }
  if (head.length !== Math.min(size, PROBE)) throw damaged(place, 'too short');
  if (size <= PROBE) return memoryBlob(place.digest, checked(place, head));
  if (size <= SMALL) {
    const rest = await fetchRange(place, size, PROBE, size);
    return memoryBlob(place.digest, checked(place, concat([head, rest])));
  }
  place.sizes.set(place.digest, size);
  return rangedBlob(place, size);
}

function rangedBlob(place: Place, size: number): Blob {
  return {
    digest: place.digest,
    size,
    read: blockReader({
      size,
      key: place.digest,
      cache: place.cache,
      fetch: (start, end) => fetchRange(place, size, start, end),
    }),
    stream: () => checkedWhole(place, size),
    forget() {
      forget(place);
    },
  };
}

/** From a server that does not know ranges: small ones are in the answer already, large ones come once, when first needed. */
async function openWhole(place: Place, answer: Answer): Promise<Blob> {
  const { total } = answer;
  if (total === undefined || total <= SMALL) {
    return memoryBlob(place.digest, checked(place, await bodyUpTo(answer, MAX_WHOLE)));
  }
  answer.cancel();
  let bytes: Promise<Uint8Array> | undefined;
  const all = async (): Promise<Uint8Array> => {
    bytes ??= fetchWhole(place);
    try {
      return await bytes;
    } catch (error) {
      bytes = undefined;
      throw error;
    }
  };
  return {
    digest: place.digest,
    size: total,
    async read(offset, length) {
      const { start, end } = rangeWithin(total, offset, length);
      return start === end ? new Uint8Array(0) : (await all()).slice(start, end);
    },
    stream: () => checkedWhole(place, total),
  };
}

async function fetchWhole(place: Place): Promise<Uint8Array> {
  const answer = await getBlob(place);
  return checked(place, await bodyUpTo(answer, MAX_WHOLE));
}

async function fetchRange(
  place: Place,
  size: number,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const answer = await getBlob(place, { start, end });
  if (!answer.partial || answer.start !== start || (answer.total ?? size) !== size) {
    answer.cancel();
    throw damaged(place, 'the server answered with another range');
  }
  const bytes = await bodyUpTo(answer, end - start);
  if (bytes.length !== end - start) throw damaged(place, 'too short');
  return bytes;
}

async function getBlob(
  place: Place,
  range?: { readonly start: number; readonly end: number },
): Promise<Answer> {
  const answer = await get(place.fetch, place.url, range);
  if (answer) return answer;
  throw new EngineError('blob-missing', `content digest ${place.digest}: not found`, {
    hint: 'The server has changed its images; pull the image again.',
  });
}

async function* checkedWhole(place: Place, size: number): ByteStream {
  const answer = await getBlob(place);
  const hasher = place.platform.sha256();
  let length = 0;
  for await (const chunk of answer.body) {
    length += chunk.length;
    if (length > size) throw damaged(place, 'too long');
    hasher.update(chunk);
    yield chunk;
  }
  const actual = digestBy(hasher);
  if (length < size) throw damaged(place, 'too short');
  if (actual !== place.digest) throw damaged(place, `the bytes hash to ${actual}`);
}

function checked(place: Place, bytes: Uint8Array): Uint8Array {
  const actual = digestOf(place.platform, bytes);
  if (actual !== place.digest) throw damaged(place, `the bytes hash to ${actual}`);
  if (bytes.length <= SMALL) place.cache.set(place.digest, bytes);
  return bytes;
}

/** Once wrong, nothing that the server said of it is believed. */
function forget(place: Place): void {
  place.sizes.delete(place.digest);
  place.cache.drop(place.digest);
  place.forget?.(place.url);
}

function damaged(place: Place, why: string): EngineError {
  forget(place);
  return new EngineError(
    'blob-corrupt',
    `content digest ${place.digest}: damaged on its way: ${why}`,
    {
      hint: 'Run the command again; when it stays, the copy on the server is damaged.',
    },
  );
}
