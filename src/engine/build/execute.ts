import { locatedAsync } from '../dockerfile/located-error.ts';
import { utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { Entry } from '../layer/entry.ts';
import { emptyTree } from '../layer/file-tree.ts';
import { sortEntries } from '../layer/sort.ts';
import type { FileTree } from '../layer/tree.ts';
import { writeLayer } from '../layer/write.ts';
import type { BaseImage } from './base-image.ts';
import { cacheKey, recall, remember } from './cache.ts';
import { copyChanges, copyParameters, nearestTime, selectAll } from './copy-step.ts';
import { type ContentDigests, describeSelected } from './digests.ts';
import { resolveOwner, unknownNote } from './owners.ts';
import type { PlannedStage } from './plan.ts';
import { asVertex, type VertexReport } from './reporter.ts';
import { type ReadyMount, runChanges, runParameters } from './run-step.ts';
import { selectSources } from './select.ts';
import {
  after,
  imageSnapshot,
  scratchSnapshot,
  type Snapshot,
  type StepResult,
} from './snapshot.ts';
import type { CopyStep, MakeDirectoryStep, Origin, RunStep, Step } from './step.ts';
import { upperOver } from './upper.ts';

/** Everything the steps of one build share. */
export interface Execution {
  readonly engine: Engine;
  readonly stages: ReadonlyMap<number, PlannedStage>;
  readonly images: ReadonlyMap<string, BaseImage>;
  /** Reports FROM, once per image. */
  readonly from: (key: string) => Promise<void>;
  /** The build context, opened once. */
  readonly context: () => Promise<FileTree>;
  readonly vertices: ReadonlyMap<Step, VertexReport>;
  readonly digests: ContentDigests;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** SOURCE_DATE_EPOCH in seconds. */
  readonly epoch: number | undefined;
  /** Layers on their way into the store: what comes next need not wait for them, the image does. */
  readonly storing: Promise<unknown>[];
  /** Aborted when a stage fails or the user gives up. */
  readonly signal: AbortSignal;
}

/** Builds stages; each once, those that do not need each other at the same time. */
export function stageBuilder(execution: Execution): (index: number) => Promise<Snapshot> {
  const building = new Map<number, Promise<Snapshot>>();
  const stageOf = (index: number): Promise<Snapshot> => {
    const known = building.get(index);
    if (known) return known;
    const started = buildStage(execution, index, stageOf);
    building.set(index, started);
    return started;
  };
  return stageOf;
}

type StageOf = (index: number) => Promise<Snapshot>;

async function buildStage(
  execution: Execution,
  index: number,
  stageOf: StageOf,
): Promise<Snapshot> {
  const stage = execution.stages.get(index);
  if (!stage) throw new Error(`stage ${index} was not planned`);
  let snapshot = await startStage(execution, stage, stageOf);
  for (const step of stage.steps) {
    execution.signal.throwIfAborted();
    snapshot = await runStep(execution, step, snapshot, stageOf);
  }
  return snapshot;
}

async function startStage(
  execution: Execution,
  { base }: PlannedStage,
  stageOf: StageOf,
): Promise<Snapshot> {
  if (base.kind === 'stage') return stageOf(base.index);
  if (base.kind === 'scratch') return scratchSnapshot();
  return originSnapshot(execution, base, stageOf);
}

async function originSnapshot(
  execution: Execution,
  origin: Exclude<Origin, { kind: 'context' }>,
  stageOf: StageOf,
): Promise<Snapshot> {
  if (origin.kind === 'stage') return stageOf(origin.index);
  const image = execution.images.get(origin.key);
  if (!image) throw new Error(`${origin.key} was not opened`);
  await execution.from(origin.key);
  return imageSnapshot(image);
}

async function runStep(
  execution: Execution,
  step: Step,
  below: Snapshot,
  stageOf: StageOf,
): Promise<Snapshot> {
  const vertex = execution.vertices.get(step);
  if (!vertex) throw new Error(`${step.title} is not shown`);
  const shared = { ...execution, below, vertex };
  // What a step waits for is not its own time.
  const prepared = await prepare(execution, step, stageOf);
  return locatedAsync(step.range, async () => {
    const done = await asVertex(
      vertex,
      () => {
        switch (step.kind) {
          case 'mkdir':
            return makeDirectory(shared, step);
          case 'copy':
            return copy(shared, step, prepared);
          case 'run':
            return run(shared, step, prepared);
        }
      },
      ({ cached }) => cached,
    );
    return done.snapshot;
  });
}

interface Prepared {
  /** By origin, as JSON. */
  readonly origins: ReadonlyMap<string, OriginFiles>;
}

interface OriginFiles {
  /** Undefined for the context, whose files have to be looked at. */
  readonly key: string | undefined;
  readonly ref: string;
  readonly tree: () => Promise<FileTree>;
}

async function prepare(execution: Execution, step: Step, stageOf: StageOf): Promise<Prepared> {
  const origins = new Map<string, OriginFiles>();
  const wanted = step.kind === 'copy' && step.sources.length > 0 ? [step.origin] : [];
  const mounted = step.kind === 'run' ? step.mounts.flatMap(({ origin }) => origin ?? []) : [];
  for (const origin of [...wanted, ...mounted]) {
    const name = JSON.stringify(origin);
    if (origins.has(name)) continue;
    if (origin.kind === 'context') {
      const tree = await execution.context();
      origins.set(name, { key: undefined, ref: 'context', tree: async () => tree });
    } else {
      const snapshot = await originSnapshot(execution, origin, stageOf);
      const ref =
        origin.kind === 'stage' ? `stage-${origin.index}` : (origin.key.split(' ')[0] ?? '');
      origins.set(name, { key: snapshot.key, ref, tree: snapshot.tree });
    }
  }
  return { origins };
}

interface Shared extends Execution {
  readonly below: Snapshot;
  readonly vertex: VertexReport;
}

interface Done {
  readonly snapshot: Snapshot;
  readonly cached: boolean;
}

async function makeDirectory(shared: Shared, step: MakeDirectoryStep): Promise<Done> {
  const { engine, below, epoch } = shared;
  const key = cacheKey(engine.platform, ['mkdir', below.key, step.path, step.user, epoch]);
  return cachedOr(shared, step, [key], async () => {
    const base = await below.tree();
    if (base.size === 0 && step.user !== '' && !/^\d/.test(step.user)) {
      throw new EngineError('user-unknown', 'invalid user index: -1', {
        hint: 'Nothing is in the image yet, so no name means anything: give USER a number.',
      });
    }
    const upper = upperOver(base);
    const resolved = await resolveOwner(step.user, upper.get);
    const unknown = unknownNote(resolved);
    if (unknown !== undefined) noteTo(shared.vertex)(unknown);
    const mtime = epoch ?? nearestTime(upper, step.path);
    upper.makeDirectories(upper.resolve(step.path), { mtime, ...resolved.owner });
    return { base, entries: upper.entries() };
  });
}

async function copy(shared: Shared, step: CopyStep, prepared: Prepared): Promise<Done> {
  const { engine, below, epoch, digests } = shared;
  const files = prepared.origins.get(JSON.stringify(step.origin));
  const isIndependent = step.link && /^[\d:]*$/.test(step.chown ?? '');
  const parts = ['copy', isIndependent ? 'link' : below.key, ...copyParameters(step, epoch)];
  const keys: string[] = [];
  // By what made the source first: then nothing of it is read.
  if (files?.key !== undefined) {
    keys.push(cacheKey(engine.platform, [...parts, 'from', files.key]));
    const known = await fromCache(shared, step, keys);
    if (known) return known;
  }
  const tree = files ? await files.tree() : emptyTree;
  const selected = files ? selectAll(step, tree, files.ref) : [];
  const described = await Promise.all(selected.map((one) => describeSelected(tree, one, digests)));
  keys.push(cacheKey(engine.platform, [...parts, 'files', described]));
  return cachedOr(shared, step, keys, async () => {
    const accounts = await below.tree();
    const base = step.link ? emptyTree : accounts;
    const context = { accounts, platform: engine.platform, epoch, note: noteTo(shared.vertex) };
    const entries = await copyChanges(step, base, { tree, selected }, context);
    return { base: accounts, entries };
  });
}

async function run(shared: Shared, step: RunStep, prepared: Prepared): Promise<Done> {
  const { engine, below, digests, vertex } = shared;
  const mounts: ReadyMount[] = [];
  const mounted: unknown[] = [];
  for (const planned of step.mounts) {
    const { mount, origin } = planned;
    const files = origin && prepared.origins.get(JSON.stringify(origin));
    const tree = await files?.tree();
    mounts.push({ planned, tree });
    if (!tree || mount.type !== 'bind') continue;
    const what = { exclude: [], parents: false };
    const selected = selectSources(tree, mount.source ?? '', what, files?.ref ?? '');
    mounted.push(await Promise.all(selected.map((one) => describeSelected(tree, one, digests))));
  }
  const key = cacheKey(engine.platform, ['run', below.key, ...runParameters(step), mounted]);
  return cachedOr(shared, step, [key], async () => {
    const base = await below.tree();
    const output = {
      stdout: (bytes: Uint8Array) => {
        vertex.log('stdout', bytes);
      },
      stderr: (bytes: Uint8Array) => {
        vertex.log('stderr', bytes);
      },
    };
    const entries = await runChanges(engine, step, base, { ...shared, mounts, output });
    return { base, entries };
  });
}

function noteTo(vertex: VertexReport): (line: string) => void {
  return (line) => {
    vertex.log('stderr', utf8(line));
  };
}

/** The first key that is remembered, else what `make` makes, remembered under all keys. */
async function cachedOr(
  shared: Shared,
  step: Step,
  keys: readonly string[],
  make: () => Promise<{ readonly base: FileTree; readonly entries: readonly Entry[] }>,
): Promise<Done> {
  const { engine, below } = shared;
  const known = await fromCache(shared, step, keys);
  if (known) return known;
  const { base, entries } = await make();
  const sorted = sortEntries(entries);
  const made = { id: keys.at(-1) ?? '', created: new Date(engine.platform.now()).toISOString() };
  const layer = writeLayer(engine, sorted).then(async (written) => {
    for (const key of keys) await remember(engine, key, { ...made, layer: written });
    return written;
  });
  shared.storing.push(layer);
  // Looked at in the end; until then a failure must not count as nobody's.
  layer.catch(() => undefined);
  // What a process did may have taken minutes: it is not shown as done before it survives a kill.
  if (step.kind === 'run') await layer;
  const result: StepResult = { ...made, layer };
  const tree = sorted.length === 0 ? base : base.apply(sorted);
  return { snapshot: after(engine, below, stateKey(shared, result), result, tree), cached: false };
}

async function fromCache(
  shared: Shared,
  step: Step,
  keys: readonly string[],
): Promise<Done | undefined> {
  if (step.noCache) return undefined;
  const { engine, below } = shared;
  for (const key of keys) {
    const known = await recall(engine, key);
    if (!known) continue;
    // Remembered under the other keys too: the next build may find it sooner.
    for (const other of keys) if (other !== key) await remember(engine, other, known);
    const result: StepResult = { ...known, layer: Promise.resolve(known.layer) };
    return { snapshot: after(engine, below, stateKey(shared, result), result), cached: true };
  }
  return undefined;
}

/** A step need not depend on what is below it (`--link`); the state after it always does. */
function stateKey({ engine, below }: Shared, result: StepResult): string {
  return cacheKey(engine.platform, ['after', below.key, result.id]);
}
