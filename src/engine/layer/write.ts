import { type ByteStream, encodeName } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import type { Digest } from '../oci/digest.ts';
import type { Descriptor } from '../oci/image.ts';
import { MEDIA } from '../oci/media-types.ts';
import { writeTar } from '../tar/writer.ts';
import type { Entry } from './entry.ts';
import { sortEntries } from './sort.ts';

export interface WrittenLayer {
  readonly descriptor: Descriptor;
  /** Equal to the descriptor's digest, since the layer is stored uncompressed. */
  readonly diffId: Digest;
  /** As `docker history` shows it: see `sizeOfFiles`. */
  readonly size: number;
}

/**
 * The layer's archive: sorted, whole seconds, numeric owners. The same entries in any order give
 * the same bytes. Entries are written as they are: parents that are missing stay missing.
 */
export function layerTar(entries: readonly Entry[]): ByteStream {
  return writeTar(sortEntries(entries));
}

/**
 * Stores entries as an uncompressed layer: gzip differs between platforms, and with it digests
 * would. Errors: those of `writeTar`, of `sortEntries` and of the store.
 */
export async function writeLayer(
  engine: Pick<Engine, 'store'>,
  entries: readonly Entry[],
): Promise<WrittenLayer> {
  const { digest, size } = await engine.store.blobs.put(layerTar(entries));
  return {
    descriptor: { mediaType: MEDIA.ociLayer, digest, size },
    diffId: digest,
    size: sizeOfFiles(entries),
  };
}

/** A layer's size as BuildKit counts what it built: the bytes of regular files; hard links count 0. */
export function sizeOfFiles(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0);
}

/**
 * A layer's size as Docker (overlay2) counts what it loaded or pulled: like `sizeOfFiles`, and the
 * targets of symlinks, since that is what the kernel says a symlink's size is.
 */
export function sizeOnDisk(entries: readonly Entry[]): number {
  return entries.reduce(
    (sum, { type, target }) => (type === 'symlink' ? sum + encodeName(target ?? '').length : sum),
    sizeOfFiles(entries),
  );
}
