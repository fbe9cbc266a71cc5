import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import type { StepRecord } from '../engine/build/imported-steps.ts';
import type { Engine } from '../engine/engine.ts';
import { writeEstargz } from '../engine/estargz/write.ts';
import { isObject } from '../engine/json.ts';
import { openLayer } from '../engine/layer/open.ts';
import { sortEntries } from '../engine/layer/sort.ts';
import { type Digest, isDigest } from '../engine/oci/digest.ts';
import { MEDIA } from '../engine/oci/media-types.ts';
import { openBlob } from '../engine/store/layered.ts';
import { errnoOf } from './errno.ts';
import { type Layout, writeWhole } from './layout.ts';

/** Beside `index.json`: what the processes of some builds left, by the build cache's keys. */
export const STEPS_FILE = 'build-cache.json';

/** Smaller than this, handing bytes to another thread costs more than compressing them. */
const SMALL = 32 * 1024;
const LEVEL = { level: 6 };
const gzipAside = promisify<Uint8Array, typeof LEVEL, Uint8Array>(gzip);

/**
 * Puts what every process of the engine's builds left into the layout, in place of what was there
 * under the same keys, so that the same steps need not run where the layout is a source. How many steps
 * that were. The engine's store should have nothing but these builds in it.
 */
export async function exportSteps(engine: Engine, layout: Layout): Promise<number> {
  const file = join(layout.directory, STEPS_FILE);
  const steps = new Map<string, unknown>(Object.entries(await readSteps(file)));
  let count = 0;
  for await (const key of engine.store.records.keys('cache')) {
    const record = await engine.store.records.get('cache', key);
    const step = isObject(record) ? await stepOf(engine, layout, record) : undefined;
    if (!step) continue;
    steps.set(key, step);
    count++;
  }
  const sorted = Object.fromEntries([...steps].sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeWhole(file, `${JSON.stringify({ schema: 1, steps: sorted }, null, 1)}\n`);
  return count;
}

async function readSteps(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const document: unknown = JSON.parse(await readFile(file, 'utf8'));
    const steps = isObject(document) ? document['steps'] : undefined;
    return isObject(steps) ? steps : {};
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

async function stepOf(
  engine: Engine,
  layout: Layout,
  { id, created, digest, bytes, size, ran }: Readonly<Record<string, unknown>>,
): Promise<StepRecord | undefined> {
  if (ran !== true || typeof id !== 'string' || typeof created !== 'string') return undefined;
  if (typeof digest !== 'string' || !isDigest(digest)) return undefined;
  if (typeof bytes !== 'number' || typeof size !== 'number') return undefined;
  return {
    id,
    created,
    layer: { ...(await writeStep(engine, layout, digest, bytes)), files: size },
  };
}

async function writeStep(
  engine: Engine,
  layout: Layout,
  digest: Digest,
  bytes: number,
): Promise<Omit<StepRecord['layer'], 'files'>> {
  const descriptor = { mediaType: MEDIA.ociLayer, digest, size: bytes };
  const { entries } = await openLayer(engine, await openBlob(engine, digest), descriptor, digest);
  const blob = await layout.begin();
  try {
    const written = await writeEstargz(sortEntries(entries), {
      gzip: (part) => (part.length < SMALL ? gzipSync(part, LEVEL) : gzipAside(part, LEVEL)),
      platform: engine.platform,
      write: (part) => blob.write(part),
    });
    await blob.finish(written.digest);
    const { size, diffId, annotations } = written;
    return { digest: written.digest, size, diffId, annotations };
  } catch (error) {
    await blob.abort();
    throw error;
  }
}
