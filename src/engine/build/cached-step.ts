import type { Engine } from '../engine.ts';
import type { Entry } from '../layer/entry.ts';
import { sortEntries } from '../layer/sort.ts';
import type { FileTree } from '../layer/tree.ts';
import { writeLayer } from '../layer/write.ts';
import { type CachedResult, cacheKey, recall, remember } from './cache.ts';
import {
  after,
  readLayerOver,
  type Snapshot,
  type StepLayer,
  type StepResult,
} from './snapshot.ts';
import type { Step } from './step.ts';

/** What of a build it takes to run a step or to find that it ran before. */
export interface StepContext {
  readonly engine: Engine;
  readonly below: Snapshot;
  /** Whether the image will have the step's layer. */
  readonly isExported: boolean;
  /** Results on their way into the store: what comes next need not wait for them, the image does. */
  readonly storing: Promise<unknown>[];
}

export interface Done {
  readonly snapshot: Snapshot;
  readonly cached: boolean;
  /** The source that had it, where it did not run here. */
  readonly importedFrom?: string;
}

/** What a step changes, in the tree below it. */
export interface Made {
  readonly base: FileTree;
  readonly entries: readonly Entry[];
}

/** The first key that is remembered, else what `make` makes, remembered under all keys. */
export async function cachedOr(
  shared: StepContext,
  step: Step,
  keys: readonly string[],
  make: () => Promise<Made>,
): Promise<Done> {
  const { engine, below } = shared;
  const known = await fromCache(shared, step, keys, make);
  if (known) return known;
  const { base, entries } = await make();
  const sorted = sortEntries(entries);
  const made = { id: keys.at(-1) ?? '', created: new Date(engine.platform.now()).toISOString() };
  const layer = needsLayer(shared, step) ? writeLayer(engine, sorted) : undefined;
  const ran = step.kind === 'run';
  const keeping = keepResult(engine, keys, { ...made, ran }, layer);
  shared.storing.push(keeping);
  // Looked at in the end; until then a failure must not count as nobody's.
  keeping.catch(() => undefined);
  // What a process did may have taken minutes: it is not shown as done before it survives a kill.
  if (step.kind === 'run') await keeping;
  const result: StepResult = { ...made, layer };
  const tree = applied(base, sorted);
  return {
    snapshot: after(below, stateKey(shared, result), result, async () => tree),
    cached: false,
  };
}

/**
 * Whether a step's layer goes into the store: when the image will have it, and after a process,
 * which cannot be asked again what it did. Other steps can be, which is faster than the disk.
 */
function needsLayer({ isExported }: StepContext, step: Step): boolean {
  return isExported || step.kind === 'run';
}

/** Remembers a result under all keys, its layer once that is in the store. */
async function keepResult(
  engine: Engine,
  keys: readonly string[],
  made: Omit<CachedResult, 'layer'>,
  written: Promise<StepLayer> | undefined,
): Promise<void> {
  const result = { ...made, layer: await written };
  for (const key of keys) await remember(engine, key, result);
}

function applied(base: FileTree, entries: readonly Entry[]): FileTree {
  return entries.length === 0 ? base : base.apply(entries);
}

/** The snapshot after a step that is remembered under one of its keys; `make` does it again if its files are wanted. */
export async function fromCache(
  shared: StepContext,
  step: Step,
  keys: readonly string[],
  make: () => Promise<Made>,
): Promise<Done | undefined> {
  if (step.noCache) return undefined;
  const { engine, below } = shared;
  for (const key of keys) {
    const known = await recall(engine, key);
    if (!known || (!known.layer && needsLayer(shared, step))) continue;
    const { layer, importedFrom } = known;
    // Remembered under the other keys too: the next build may find it sooner.
    if (importedFrom === undefined) {
      for (const other of keys) if (other !== key) await remember(engine, other, known);
    }
    const result: StepResult = { ...known, layer: layer && Promise.resolve(layer) };
    const read = async (): Promise<FileTree> => {
      if (layer) return readLayerOver(engine, below, layer);
      const { base, entries } = await make();
      return applied(base, sortEntries(entries));
    };
    const snapshot = after(below, stateKey(shared, result), result, read);
    return { snapshot, cached: true, ...(importedFrom !== undefined && { importedFrom }) };
  }
  return undefined;
}

/** A step need not depend on what is below it (`--link`); the state after it always does. */
function stateKey({ engine, below }: StepContext, result: StepResult): string {
  return cacheKey(engine.platform, ['after', below.key, result.id]);
}
