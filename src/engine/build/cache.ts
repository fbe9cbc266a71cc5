import type { Engine } from '../engine.ts';
import { digestOf, hexOf, isDigest } from '../oci/digest.ts';
import { MEDIA } from '../oci/media-types.ts';
import type { Platform } from '../platform.ts';
import { utf8 } from '../bytes.ts';
import { importedStep } from './imported-steps.ts';
import type { StepLayer, StepResult } from './snapshot.ts';

/** What is remembered of a step: its result, with its layer in the store where it was put there. */
export type CachedResult = Omit<StepResult, 'layer'> & {
  readonly layer: StepLayer | undefined;
  /** The source that has it: it ran elsewhere, and its layer is there. */
  readonly importedFrom?: string;
  /** A process made it. */
  readonly ran?: boolean;
};

/** A name for what goes into a step: equal keys, equal results. */
export function cacheKey(platform: Platform, parts: readonly unknown[]): string {
  return hexOf(digestOf(platform, utf8(JSON.stringify(['build cache 1', ...parts]))));
}

/**
 * The result remembered under a key, when the layer it had is still in the store, else what a source has
 * of the same step. A record that makes no sense is no record: the step runs again.
 */
export async function recall(engine: Engine, key: string): Promise<CachedResult | undefined> {
  return (await recallOwn(engine, key)) ?? (await importedStep(engine, key));
}

async function recallOwn(engine: Engine, key: string): Promise<CachedResult | undefined> {
  const result = parseResult(await engine.store.records.get('cache', key));
  if (!result) return undefined;
  if (!result.layer) return result;
  const blob = await engine.store.blobs.open(result.layer.descriptor.digest);
  return blob && result;
}

/** Keeps a result under a key, in place of what was there. Its layer must be in the store by now. */
export async function remember(engine: Engine, key: string, result: CachedResult): Promise<void> {
  const { id, created, layer, ran } = result;
  const stored = layer && {
    digest: layer.descriptor.digest,
    bytes: layer.descriptor.size,
    size: layer.size,
  };
  const record = { id, created, ...stored, ...(ran === true && { ran }) };
  await engine.store.records.update('cache', key, () => record);
}

/** Forgets every result; the keys there were. Blobs that nothing else uses are for the collector. */
export async function forgetAll(engine: Engine): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const key of engine.store.records.keys('cache')) keys.push(key);
  for (const key of keys) await engine.store.records.update('cache', key, () => undefined);
  return keys;
}

function parseResult(value: unknown): CachedResult | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, created, digest, bytes, size, ran }: Record<string, unknown> = { ...value };
  if (typeof created !== 'string' || typeof id !== 'string') return undefined;
  if (digest === undefined) return { id, created, layer: undefined };
  if (typeof digest !== 'string' || !isDigest(digest)) return undefined;
  if (typeof bytes !== 'number' || typeof size !== 'number') return undefined;
  // Built layers are stored uncompressed, so that one digest is both.
  const descriptor = { mediaType: MEDIA.ociLayer, digest, size: bytes };
  const layer = { descriptor, diffId: digest, size };
  return { id, created, layer, ...(ran === true && { ran }) };
}
