import type { Engine } from '../engine.ts';
import { emptyTree } from '../layer/file-tree.ts';
import type { FileTree } from '../layer/tree.ts';
import { openLayer } from '../layer/open.ts';
import type { Digest } from '../oci/digest.ts';
import type { Descriptor } from '../oci/image.ts';
import { openBlob } from '../store/layered.ts';
import type { BaseImage } from './base-image.ts';

/** A layer in the store or a source. */
export interface StepLayer {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  /** Docker's layer size. */
  readonly size: number;
}

/** What a step left behind. One that changed nothing has a layer without entries, as in Docker 26. */
export interface StepResult {
  /** The key it was first remembered under: the same, whichever key finds it again. */
  readonly id: string;
  /**
   * Resolves once the layer is in the store, which may take longer than making it. Undefined where
   * no image will have the layer and it can be made again: then only the files are known.
   */
  readonly layer: Promise<StepLayer> | undefined;
  /** ISO 8601; of the first time it ran, when it comes from the cache. */
  readonly created: string;
}

/** A root filesystem in the middle of a build. */
export interface Snapshot {
  /** Two snapshots with the same key are the same: built from the same base by the same steps. */
  readonly key: string;
  readonly base: readonly StepLayer[];
  readonly results: readonly StepResult[];
  /** Reads layers, or makes them again, when it was not built just now. */
  readonly tree: () => Promise<FileTree>;
}

export function scratchSnapshot(): Snapshot {
  return { key: 'scratch', base: [], results: [], tree: async () => emptyTree };
}

export function imageSnapshot({ image }: BaseImage): Snapshot {
  const { layerSizes } = image.record;
  const base = image.manifest.layers.map((descriptor, index) => {
    const diffId = image.config.rootfs.diff_ids[index];
    if (!diffId) throw new Error(`${image.record.id} has more layers than diff IDs`);
    return { descriptor, diffId, size: layerSizes[index] ?? 0 };
  });
  const key = `image ${base.map(({ diffId }) => diffId).join(' ')}`;
  return { key, base, results: [], tree: () => image.tree() };
}

/** The snapshot after a step; `read` gives its files when somebody wants them, and is called once. */
export function after(
  below: Snapshot,
  key: string,
  result: StepResult,
  read: () => Promise<FileTree>,
): Snapshot {
  let tree: Promise<FileTree> | undefined;
  const results = [...below.results, result];
  return { key, base: below.base, results, tree: () => (tree ??= read()) };
}

/** The files of a snapshot under one more layer, which the store or a source has. */
export async function readLayerOver(
  engine: Engine,
  below: Snapshot,
  { descriptor, diffId }: StepLayer,
): Promise<FileTree> {
  const [tree, blob] = await Promise.all([below.tree(), openBlob(engine, descriptor.digest)]);
  const { entries } = await openLayer(engine, blob, descriptor, diffId);
  return tree.apply(entries);
}
