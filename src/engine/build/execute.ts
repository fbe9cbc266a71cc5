import { locatedAsync } from '../dockerfile/located-error.ts';
import { utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { emptyTree } from '../layer/file-tree.ts';
import type { FileTree } from '../layer/tree.ts';
import type { OciPlatform } from '../oci/image.ts';
import type { BaseImage } from './base-image.ts';
import { cacheKey } from './cache.ts';
import { cachedOr, type Done, fromCache, type Made, type StepContext } from './cached-step.ts';
import { copyChanges, copyParameters, nearestTime, selectAll } from './copy-step.ts';
import { type ContentDigests, describeSelected } from './digests.ts';
import { resolveOwner, unknownNote } from './owners.ts';
import type { PlannedStage } from './plan.ts';
import { asVertex, type VertexReport } from './reporter.ts';
import type { ReadyMount } from './run-mounts.ts';
import { runChanges, runParameters } from './run-step.ts';
import { selectSources } from './select.ts';
import { imageSnapshot, scratchSnapshot, type Snapshot } from './snapshot.ts';
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
  /** The stages whose layers the image will have. */
  readonly exported: ReadonlySet<number>;
  readonly storing: StepContext['storing'];
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
  const isExported = execution.exported.has(index);
  let snapshot = await startStage(execution, stage, stageOf);
  for (const step of stage.steps) {
    execution.signal.throwIfAborted();
    const { platform } = stage.draft;
    snapshot = await runStep({ ...execution, isExported, platform }, step, snapshot, stageOf);
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
  execution: Execution & Pick<Shared, 'isExported' | 'platform'>,
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
      async () => {
        const result = await perform(shared, step, prepared);
        const { importedFrom } = result;
        if (importedFrom !== undefined) {
          vertex.status(`imported from the ${importedFrom}: this very step ran there, not here`)();
        }
        return result;
      },
      ({ cached }) => cached,
    );
    return done.snapshot;
  });
}

function perform(shared: Shared, step: Step, prepared: Prepared): Promise<Done> {
  switch (step.kind) {
    case 'mkdir':
      return makeDirectory(shared, step);
    case 'copy':
      return copy(shared, step, prepared);
    case 'run':
      return run(shared, step, prepared);
  }
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

interface Shared extends Execution, StepContext {
  /** Of the stage. */
  readonly platform: OciPlatform;
  readonly vertex: VertexReport;
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
  const select = async (): Promise<{ tree: FileTree; selected: Selected }> => {
    const tree = files ? await files.tree() : emptyTree;
    return { tree, selected: files ? selectAll(step, tree, files.ref) : [] };
  };
  const make = async (): Promise<Made> => {
    const accounts = await below.tree();
    const base = step.link ? emptyTree : accounts;
    const context = { accounts, platform: engine.platform, epoch, note: noteTo(shared.vertex) };
    const entries = await copyChanges(step, base, await select(), context);
    return { base: accounts, entries };
  };
  const keys: string[] = [];
  // By what made the source first: then nothing of it is read.
  if (files?.key !== undefined) {
    keys.push(cacheKey(engine.platform, [...parts, 'from', files.key]));
    const known = await fromCache(shared, step, keys, make);
    if (known) return known;
  }
  const { tree, selected } = await select();
  const described = await Promise.all(selected.map((one) => describeSelected(tree, one, digests)));
  keys.push(cacheKey(engine.platform, [...parts, 'files', described]));
  return cachedOr(shared, step, keys, make);
}

type Selected = ReturnType<typeof selectAll>;

async function run(shared: Shared, step: RunStep, prepared: Prepared): Promise<Done> {
  const { engine, below, digests, vertex } = shared;
  const mounts: ReadyMount[] = [];
  const mounted: unknown[] = [];
  for (const planned of step.mounts) {
    const { mount, origin } = planned;
    const files = origin && prepared.origins.get(JSON.stringify(origin));
    const tree = await files?.tree();
    mounts.push({ planned, tree, key: files?.key });
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
