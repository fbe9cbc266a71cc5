import type { ContainerRecord } from '../containers/record.ts';
import { listContainers } from '../containers/registry.ts';
import { isRunning } from '../containers/state.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { type Digest, hexOf, shortId } from '../oci/digest.ts';
import {
  canonicalName,
  canonicalRepository,
  familiarName,
  parseReference,
} from '../oci/reference.ts';
import { changeImages, listImages } from './catalog.ts';
import { chainIds } from './chain.ts';
import { pickImage } from './find.ts';
import { emitImageEvent } from './image-event.ts';
import { openImage } from './open.ts';
import type { ImageRecord } from './record.ts';

/** What removing did, in the order Docker tells it. */
export interface Removal {
  readonly steps: readonly RemovalStep[];
  /** Bytes of files in layers that no other image has. */
  readonly reclaimed: number;
}

export type RemovalStep =
  | { readonly kind: 'untagged'; readonly name: string }
  /** An image ID, then the chain IDs of its layers that no other image shares, top first. */
  | { readonly kind: 'deleted'; readonly digest: Digest };

/**
 * Removes a name, and the image with its last one, as `docker rmi` does. By ID an image with
 * several names needs `force`, and so does one that a stopped container has; one that a running
 * container has only loses its names. Blobs stay until `collectGarbage`. Errors: those of
 * `findImage`; `image-in-use` (message `conflict: …`).
 */
export async function removeImage(
  engine: Engine,
  text: string,
  { force = false }: { readonly force?: boolean } = {},
): Promise<Removal> {
  const layers = await layersByImage(engine);
  const containers = await listContainers(engine);
  let plan: Plan | undefined;
  await changeImages(engine, (images) => {
    const planned = planRemoval(images, text, { force, containers });
    plan = planned;
    return images.flatMap((image) => {
      if (image.id !== planned.image.id) return [image];
      return planned.left ? [planned.left] : [];
    });
  });
  if (!plan) throw new Error('the change ran');
  const steps: RemovalStep[] = plan.untagged.map((name) => ({ kind: 'untagged', name }));
  const { image } = plan;
  steps.forEach(() => {
    emitImageEvent(engine, image, 'untag');
  });
  if (plan.left) return { steps, reclaimed: 0 };
  emitImageEvent(engine, plan.image, 'delete');
  steps.push({ kind: 'deleted', digest: plan.image.id });
  const gone = plan.image.id;
  // Its containers keep what is below them.
  if (containers.some(({ image }) => image === gone)) return { steps, reclaimed: 0 };
  const shared = new Set(
    [...layers].flatMap(([id, chain]) => (id === gone ? [] : chain.map(({ digest }) => digest))),
  );
  const freed = (layers.get(gone) ?? []).filter(({ digest }) => !shared.has(digest)).toReversed();
  steps.push(...freed.map(({ digest }): RemovalStep => ({ kind: 'deleted', digest })));
  return { steps, reclaimed: freed.reduce((sum, { size }) => sum + size, 0) };
}

interface Plan {
  readonly image: ImageRecord;
  /** Familiar names. */
  readonly untagged: readonly string[];
  /** What remains of the image; undefined when it goes. */
  readonly left: ImageRecord | undefined;
}

interface Circumstances {
  readonly force: boolean;
  readonly containers: readonly ContainerRecord[];
}

function planRemoval(
  images: readonly ImageRecord[],
  text: string,
  { force, containers }: Circumstances,
): Plan {
  const image = pickImage(images, text);
  const users = containers.filter((record) => record.image === image.id);
  if (isIdPrefix(image.id, text)) return planById(image, force, users);
  const [user] = users;
  if (user && !force && isSingleReference(image)) {
    throw new EngineError(
      'image-in-use',
      `conflict: unable to remove repository reference ${JSON.stringify(text)} (must force) - ` +
        `container ${user.id.slice(0, 12)} is using its referenced image ${shortId(image.id)}`,
    );
  }
  const plan = planByName(image, text);
  if (plan.left || !users.some(isRunning)) return plan;
  return { ...plan, left: { ...image, names: [], digests: [] } };
}

function planByName(image: ImageRecord, text: string): Plan {
  const ref = parseReference(text);
  const repository = canonicalRepository(ref);
  if (ref.digest) {
    const digest = `${repository}@${ref.digest}`;
    return remaining(image, [digest]);
  }
  const name = canonicalName(ref);
  const removed = [name];
  const stillTagged = image.names.some(
    (other) => other !== name && other.startsWith(`${repository}:`),
  );
  // With the last tag of a repository its digests go as well.
  if (!stillTagged) {
    removed.push(...image.digests.filter((digest) => digest.startsWith(`${repository}@`)));
  }
  return remaining(image, removed);
}

function planById(image: ImageRecord, force: boolean, users: readonly ContainerRecord[]): Plan {
  const all = [...image.names, ...image.digests];
  const running = users.find(isRunning);
  if (running) throw inUse(image, 'cannot be forced', 'running', running);
  if (!force && !isSingleReference(image)) {
    throw new EngineError(
      'image-in-use',
      `conflict: unable to delete ${shortId(image.id)} (must be forced) - ` +
        'image is referenced in multiple repositories',
      { hint: `Remove its names one by one, or all of them with "docker rmi -f".` },
    );
  }
  const [stopped] = users;
  if (stopped && !force) throw inUse(image, 'must be forced', 'stopped', stopped);
  return { image, untagged: all.map(familiar), left: undefined };
}

function inUse(
  { id }: ImageRecord,
  how: string,
  state: 'running' | 'stopped',
  user: ContainerRecord,
): EngineError {
  return new EngineError(
    'image-in-use',
    `conflict: unable to delete ${shortId(id)} (${how}) - ` +
      `image is being used by ${state} container ${user.id.slice(0, 12)}`,
  );
}

/** One tag at most, and all references in one repository. */
function isSingleReference({ names, digests }: ImageRecord): boolean {
  if (names.length + digests.length <= 1) return true;
  const [only, second] = names;
  if (second !== undefined) return false;
  const repositories = new Set(digests.map(repositoryOf));
  const home = only === undefined ? digests[0] : only;
  return repositories.size === 1 && home !== undefined && repositories.has(repositoryOf(home));
}

function remaining(image: ImageRecord, removed: readonly string[]): Plan {
  const names = image.names.filter((name) => !removed.includes(name));
  const digests = image.digests.filter((digest) => !removed.includes(digest));
  const left = names.length + digests.length > 0 ? { ...image, names, digests } : undefined;
  return { image, untagged: removed.map(familiar), left };
}

function repositoryOf(name: string): string {
  return canonicalRepository(parseReference(name));
}

function familiar(name: string): string {
  return familiarName(parseReference(name));
}

function isIdPrefix(id: Digest, text: string): boolean {
  return text !== '' && (id.startsWith(text) || hexOf(id).startsWith(text));
}

interface ChainedLayer {
  readonly digest: Digest;
  readonly size: number;
}

async function layersByImage(
  engine: Engine,
): Promise<ReadonlyMap<Digest, readonly ChainedLayer[]>> {
  const found = new Map<Digest, readonly ChainedLayer[]>();
  for (const record of await listImages(engine)) {
    const chain = chainIds(engine.platform, await diffIdsOf(engine, record));
    found.set(
      record.id,
      chain.map((digest, index) => ({ digest, size: record.layerSizes[index] ?? 0 })),
    );
  }
  return found;
}

/** Of an image whose documents are lost, none: removing it is how one gets rid of it. */
async function diffIdsOf(engine: Engine, record: ImageRecord): Promise<readonly Digest[]> {
  try {
    return (await openImage(engine, record)).config.rootfs.diff_ids;
  } catch (error) {
    if (error instanceof EngineError) return [];
    throw error;
  }
}
