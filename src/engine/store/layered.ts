import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import type { Blob } from './port.ts';

/**
 * The blob from the store, or from the first source that has it. Rejects with `blob-missing` when
 * nobody has: an image was registered whose source is gone, or somebody deleted files by hand.
 * A source that fails is only an error when no other place has the blob.
 */
export async function openBlob(
  engine: Pick<Engine, 'store' | 'sources'>,
  digest: Digest,
): Promise<Blob> {
  const stored = await engine.store.blobs.open(digest);
  if (stored) return stored;
  let failure: Error | undefined;
  for (const source of engine.sources) {
    try {
      const blob = await source.blobs.open(digest);
      if (blob) return blob;
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }
  if (failure) throw failure;
  throw new EngineError('blob-missing', `content digest ${digest}: not found`, {
    hint: 'Pull or load the image again.',
  });
}
