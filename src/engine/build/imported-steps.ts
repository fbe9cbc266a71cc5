import type { Engine } from '../engine.ts';
import { isObject } from '../json.ts';
import { isDigest } from '../oci/digest.ts';
import { MEDIA } from '../oci/media-types.ts';
import type { CachedResult } from './cache.ts';

/**
 * A build step that ran elsewhere, as a source has it: JSON under the key that the build cache has
 * for the step. Its layer is a blob of the source, in gzip.
 */
export interface StepRecord {
  readonly id: string;
  /** ISO 8601: when it ran. */
  readonly created: string;
  readonly layer: {
    readonly digest: string;
    /** Bytes of the blob. */
    readonly size: number;
    readonly diffId: string;
    /** Docker's layer size. */
    readonly files: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** What the engine's sources have of a step, the first of them. A source that cannot be asked has nothing. */
export async function importedStep(engine: Engine, key: string): Promise<CachedResult | undefined> {
  for (const source of engine.sources) {
    try {
      const result = parseStep(await source.step?.(key));
      if (!result?.layer || !(await source.blobs.open(result.layer.descriptor.digest))) continue;
      return { ...result, importedFrom: source.name };
    } catch {
      // Then it runs.
    }
  }
  return undefined;
}

function parseStep(record: unknown): CachedResult | undefined {
  if (!isObject(record) || !isObject(record['layer'])) return undefined;
  const { id, created } = record;
  const { digest, size, diffId, files, annotations } = record['layer'];
  if (typeof id !== 'string' || typeof created !== 'string') return undefined;
  if (typeof digest !== 'string' || !isDigest(digest) || typeof size !== 'number') return undefined;
  if (typeof diffId !== 'string' || !isDigest(diffId) || typeof files !== 'number')
    return undefined;
  const notes = isObject(annotations) ? Object.entries(annotations) : [];
  const texts = notes.filter((note): note is [string, string] => typeof note[1] === 'string');
  const descriptor = {
    ...{ mediaType: MEDIA.ociLayerGzip, digest, size },
    ...(texts.length > 0 && { annotations: Object.fromEntries(texts) }),
  };
  return { id, created, layer: { descriptor, diffId, size: files } };
}
