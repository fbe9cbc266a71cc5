import type { Diagnostic } from '../dockerfile/diagnostic.ts';
import type { Dockerfile } from '../dockerfile/instructions.ts';
import { LocatedError, locatedAsync } from '../dockerfile/located-error.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { unconsumedWarning } from '../dockerfile/scopes.ts';
import { utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { addImage } from '../images/catalog.ts';
import type { FileTree } from '../layer/tree.ts';
import { digestOf } from '../oci/digest.ts';
import { assemble, type Assembled } from './assemble.ts';
import { type BaseImage, openBase } from './base-image.ts';
import { bytesIn, openContext } from './context-tree.ts';
import { contentDigests } from './digests.ts';
import { stageBuilder } from './execute.ts';
import { type Outline, outline, planBuild, type PlannedStage } from './plan.ts';
import type { BuildEvent } from './progress.ts';
import { asVertex, reporter, type Reporter, type VertexReport } from './reporter.ts';
import type { BuildRequest, BuildResult } from './request.ts';
import { runChecks } from './run-checks.ts';
import type { Snapshot } from './snapshot.ts';
import type { Step } from './step.ts';
import { humanSize } from './human-size.ts';

/*
 * Where a build differs from Docker 26 by design (beside those cases that `known-differences.ts` of
 * the differential suite lists):
 * - Directories that COPY makes are as old as the newest of its sources; what has no source at all
 *   (WORKDIR, heredocs) is as old as the directory it lies in; a directory copied up keeps its time.
 *   Docker takes the time of the build, so that its layers differ with every build; ours do not.
 * - `--link` makes a layer that does not depend on the image below, as BuildKit does with its own
 *   snapshotters; Docker 26's image store quietly treats it as a plain COPY.
 * - `--exclude`, `--parents` and symbolic `--chmod` work as in later Dockerfile frontends; Docker 26
 *   refuses the first two and ignores the last one.
 * - A user or group that `--chown` or USER names and nobody has is root, as in Docker, but it is said.
 * - ADD unpacks tar and tar in gzip; bzip2, xz and zstd are refused by name, URLs and git too.
 * - A pattern that matches a directory with a dangling link in it copies; Docker's checksum fails.
 * - A step that two stages share runs in each of them; BuildKit merges the two.
 * - RUN --network=host needs no --allow, and has the machine's network, which leads nowhere; so has the default one.
 * - A numeric USER runs in an image without /etc/passwd, in group 0; Docker 26 says `invalid argument`.
 * - `RUN --mount=type=secret,env=NAME` works as in later Dockerfile frontends.
 * - In images with pip, RUN has a folder of wheels and two variables more (`containers/wheelhouse.ts`).
 */

/**
 * Builds an image as BuildKit does and registers it under the names asked for. `on` hears what
 * happens, in order. Errors: LocatedError (with the place in the Dockerfile) and EngineError,
 * worded as what Docker prints behind `failed to solve: `; `no-process-host` before anything is
 * built when a needed stage has a RUN.
 */
export async function build(
  engine: Engine,
  request: BuildRequest,
  on: (event: BuildEvent) => void,
): Promise<BuildResult> {
  const report = reporter(() => engine.platform.now(), on);
  const dockerfile = await loadDefinition(request, report);
  const target = request.platform ?? engine.defaultPlatform;
  const planned = outline({
    dockerfile,
    target: request.target,
    args: request.args ?? {},
    buildPlatform: engine.defaultPlatform,
    targetPlatform: target,
  });
  const images = await loadMetadata(engine, planned, request.pull ?? false, report);
  await loadIgnore(request, report);
  const warnings = warningsOf(engine, request, planned, images);
  const filter = request.noCacheFilter ?? [];
  const stages = planBuild(planned, images, {
    noCache: (name, index) =>
      request.noCache === true || filter.includes(name ?? '') || filter.includes(String(index)),
  });
  if (!engine.processHost) refuseProcesses(stages, dockerfile);
  const epoch = parseEpoch(request.args?.['SOURCE_DATE_EPOCH']);
  const storing: Promise<unknown>[] = [];
  const planning = { planned, stages, images, epoch, report, storing };
  const snapshot = await execute(engine, request, planning);
  const draft = stages.get(planned.stages.target)?.draft;
  if (!draft) throw new Error('the target was not planned');
  const options = { labels: request.labels ?? {}, epoch };
  const finish = async (): Promise<Assembled> => {
    const assembled = await assemble(engine.platform, draft, snapshot, options);
    await Promise.all(storing);
    return assembled;
  };
  const assembled =
    (request.register ?? true)
      ? await exportImage(engine, request, finish, report)
      : await finish();
  for (const diagnostic of warnings) on({ type: 'warning', diagnostic });
  const id = digestOf(engine.platform, assembled.configBytes);
  return { ...assembled, id, warnings, tree: snapshot.tree };
}

async function loadDefinition(
  { dockerfile: { name, source } }: BuildRequest,
  report: Reporter,
): Promise<Dockerfile> {
  const vertex = report.vertex(`[internal] load build definition from ${name}`);
  await asVertex(vertex, async () => {
    const done = vertex.status('transferring dockerfile:');
    done(`transferring dockerfile: ${humanSize(utf8(source).length)}`);
  });
  const { dockerfile, diagnostics } = parseDockerfile(source);
  if (dockerfile) return dockerfile;
  const first = diagnostics.find(({ severity }) => severity === 'error');
  if (!first) throw new Error('a Dockerfile was refused without a reason');
  throw new LocatedError(first.code, first.message, { range: first.range, hint: first.hint });
}

function warningsOf(
  engine: Engine,
  request: BuildRequest,
  { dockerfile, stages, imageKey }: Outline,
  images: ReadonlyMap<string, BaseImage>,
): readonly Diagnostic[] {
  const found = runChecks(dockerfile, request, engine.defaultPlatform, (stage) => {
    const base = stages.stages[stage.index]?.base;
    if (base?.kind === 'scratch') return [];
    if (base?.kind !== 'image') return undefined;
    return images.get(imageKey(base.reference, stage.index))?.image.config.config.Env;
  });
  const refused = found.find(({ severity }) => severity === 'error');
  if (refused) {
    const message = `lint violation found for rules: ${[...new Set(found.map(({ code }) => code))].join(', ')}`;
    throw new LocatedError(refused.code, message, { range: refused.range, hint: refused.hint });
  }
  const unconsumed = unconsumedWarning(dockerfile, new Map(Object.entries(request.args ?? {})));
  if (unconsumed === undefined) return found;
  const start = { line: 0, column: 0 };
  const message = unconsumed.replace(/^\[Warning\] /, '');
  const hint = 'Declare them with ARG in the stage that uses them.';
  const code = 'UnconsumedBuildArg';
  return [...found, { severity: 'warning', code, message, hint, range: { start, end: start } }];
}

async function loadMetadata(
  engine: Engine,
  { images }: Outline,
  pull: boolean,
  report: Reporter,
): Promise<ReadonlyMap<string, BaseImage>> {
  const opened = await allOf(
    [...images.values()].map(async ({ key, reference, name, platform, range }) => {
      const vertex = report.vertex(`[internal] load metadata for ${name}`);
      const image = await locatedAsync(range, () =>
        asVertex(vertex, () => openBase(engine, reference, platform, pull)),
      );
      return [key, image] as const;
    }),
  );
  return new Map(opened);
}

/** As Promise.all, but nothing goes on behind the back of who is told of a failure. */
async function allOf<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

async function loadIgnore({ ignore }: BuildRequest, report: Reporter): Promise<void> {
  const vertex = report.vertex(`[internal] load ${ignore?.name ?? '.dockerignore'}`);
  await asVertex(vertex, async () => {
    const size = ignore ? utf8(ignore.source).length : 2;
    const done = vertex.status('transferring context:');
    done(`transferring context: ${humanSize(size)}`);
  });
}

function refuseProcesses(stages: ReadonlyMap<number, PlannedStage>, dockerfile: Dockerfile): void {
  for (const { steps } of stages.values()) {
    const run = steps.find(({ kind }) => kind === 'run');
    if (!run) continue;
    const line = run.range.start.line + 1;
    const text = dockerfile.source.split('\n')[line - 1]?.trim() ?? '';
    throw new LocatedError(
      'no-process-host',
      `line ${line} runs a process, and there is no machine here to run it: ${text}`,
      {
        range: run.range,
        hint: 'Everything but RUN can be built here; build with --target a stage that needs no RUN.',
      },
    );
  }
}

interface Planning {
  readonly planned: Outline;
  readonly stages: ReadonlyMap<number, PlannedStage>;
  readonly images: ReadonlyMap<string, BaseImage>;
  readonly epoch: number | undefined;
  readonly report: Reporter;
  readonly storing: Promise<unknown>[];
}

async function execute(
  engine: Engine,
  request: BuildRequest,
  { planned, stages, images, epoch, report, storing }: Planning,
): Promise<Snapshot> {
  const froms = announceImages(stages, images, report);
  const all = [...stages.values()].flatMap(({ steps }) => steps);
  const context = contextOnce(request, all.some(usesContext), report);
  const vertices = new Map<Step, VertexReport>(
    all.map((step) => [step, report.vertex(step.title)]),
  );
  const failed = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, failed.signal]) : failed.signal;
  const buildStage = stageBuilder({
    engine,
    stages,
    images,
    from: froms,
    context,
    vertices,
    digests: contentDigests(engine.platform),
    secrets: request.secrets ?? new Map(),
    epoch,
    exported: exportedStages(stages, planned.stages.target),
    storing,
    signal,
  });
  // All at once, so that independent stages overlap; the first failure is the build's.
  let first: { readonly error: unknown } | undefined;
  const running = planned.stages.needed.map((index) =>
    buildStage(index).catch((error: unknown) => {
      first ??= { error };
      failed.abort(error);
      return undefined;
    }),
  );
  await Promise.all(running);
  if (first) {
    // Nothing goes on behind the back of who is told.
    await Promise.allSettled(storing);
    throw first.error;
  }
  request.signal?.throwIfAborted();
  return buildStage(planned.stages.target);
}

/** The target and the stages it stands on. */
function exportedStages(
  stages: ReadonlyMap<number, PlannedStage>,
  target: number,
): ReadonlySet<number> {
  const exported = new Set<number>();
  for (let index = target; ;) {
    exported.add(index);
    const base = stages.get(index)?.base;
    if (base?.kind !== 'stage') return exported;
    index = base.index;
  }
}

function usesContext(step: Step): boolean {
  if (step.kind === 'copy') return step.origin.kind === 'context' && step.sources.length > 0;
  return step.kind === 'run' && step.mounts.some(({ origin }) => origin?.kind === 'context');
}

function contextOnce(
  request: BuildRequest,
  isUsed: boolean,
  report: Reporter,
): () => Promise<FileTree> {
  const vertex = isUsed ? report.vertex('[internal] load build context') : undefined;
  let tree: Promise<FileTree> | undefined;
  return () => {
    if (!vertex) throw new Error('the context is needed but not announced');
    return (tree ??= asVertex(vertex, async () => {
      const done = vertex.status('transferring context:');
      const opened = await openContext(request);
      done(`transferring context: ${humanSize(bytesIn(opened))}`);
      return opened;
    }));
  };
}

/** FROM of an image is shown once, with the number it has in the first stage that uses it. */
function announceImages(
  stages: ReadonlyMap<number, PlannedStage>,
  images: ReadonlyMap<string, BaseImage>,
  report: Reporter,
): (key: string) => Promise<void> {
  const titles = new Map<string, string>();
  for (const { base, fromTitle } of stages.values()) {
    if (base.kind === 'image' && !titles.has(base.key)) titles.set(base.key, fromTitle);
  }
  const vertices = new Map(
    [...images].map(([key, { name }]) => {
      return [key, report.vertex(`${titles.get(key) ?? ''}FROM ${name}`)] as const;
    }),
  );
  const shown = new Set<string>();
  return async (key) => {
    const vertex = vertices.get(key);
    const image = images.get(key);
    if (!vertex || !image || shown.has(key)) return;
    shown.add(key);
    vertex.start();
    if (image.standIn) vertex.status(standInNotice(image.standIn))();
    vertex.finish({ cached: true });
  };
}

function standInNotice({ standsInFor, differs }: NonNullable<BaseImage['standIn']>): string {
  const how = differs.length > 0 ? `; differs: ${differs.join(' ')}` : '';
  return `stand-in for ${standsInFor}${how}`;
}

async function exportImage(
  engine: Engine,
  request: BuildRequest,
  finish: () => Promise<Assembled>,
  report: Reporter,
): Promise<Assembled> {
  const vertex = report.vertex('exporting to image');
  const names = request.names ?? [];
  return asVertex(vertex, async () => {
    const exported = vertex.status('exporting layers');
    const assembled = await finish();
    exported();
    const { configBytes: config, manifestBytes, manifest, layerSizes, lines } = assembled;
    const done = vertex.status(`writing image ${manifest.config.digest}`);
    await addImage(engine, { manifest: manifestBytes, config, layerSizes, lines, names });
    done();
    for (const name of names) vertex.status(`naming to ${name}`)();
    return assembled;
  });
}

function parseEpoch(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new EngineError('epoch-invalid', `invalid SOURCE_DATE_EPOCH: ${text}`, {
    hint: 'It is a whole number of seconds since 1970.',
  });
}
