import type { Dockerfile, Instruction } from '../dockerfile/instructions.ts';
import { LocatedError, located } from '../dockerfile/located-error.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { type GlobalScope, globalScope } from '../dockerfile/scopes.ts';
import { type BuildPlan, planStages, type SourceReference } from '../dockerfile/stages.ts';
import { EngineError } from '../errors.ts';
import type { OciPlatform } from '../oci/image.ts';
import { parsePlatform, platformName } from '../oci/platform.ts';
import { type BaseImage, baseKey, baseName } from './base-image.ts';
import { type Draft, draftFromImage, draftFromStage, emptyDraft } from './draft.ts';
import { planInstruction } from './plan-instruction.ts';
import type { Origin, Step } from './step.ts';
import { countSteps, type Prefix, stagePrefix } from './titles.ts';
import type { SourceRange } from '../dockerfile/diagnostic.ts';

/** An image that a needed stage uses, before anybody looked for it. */
export interface WantedImage {
  readonly key: string;
  readonly reference: string;
  /** Canonical. */
  readonly name: string;
  readonly platform: OciPlatform;
  readonly range: SourceRange;
}

/** Stages and images a build needs: what can be said before an image is opened. */
export interface Outline {
  readonly dockerfile: Dockerfile;
  readonly scope: GlobalScope;
  readonly stages: BuildPlan;
  readonly images: ReadonlyMap<string, WantedImage>;
  /** Key into `images`. */
  readonly imageKey: (reference: string, stage: number) => string;
}

export interface PlannedStage {
  /** `[build 1/3] ` for FROM an image. */
  readonly fromTitle: string;
  readonly base:
    | { readonly kind: 'scratch' }
    | { readonly kind: 'stage'; readonly index: number }
    | { readonly kind: 'image'; readonly key: string };
  readonly steps: readonly Step[];
  readonly draft: Draft;
}

export interface PlanInput {
  readonly dockerfile: Dockerfile;
  readonly target: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  readonly buildPlatform: OciPlatform;
  readonly targetPlatform: OciPlatform;
}

/** Errors: LocatedError and EngineError in BuildKit's words. */
export function outline(input: PlanInput): Outline {
  const { dockerfile } = input;
  const scope = globalScope(dockerfile, new Map(Object.entries(input.args)), {
    build: platformName(input.buildPlatform),
    target: platformName(input.targetPlatform),
  });
  const stages = planStages(dockerfile, scope, input.target);
  const images = new Map<string, WantedImage>();
  const platforms = stages.stages.map(({ platform, stage }) =>
    platform === undefined || platform === ''
      ? input.targetPlatform
      : located(stage.from.range, () => parsePlatform(platform)),
  );
  const platformOf = (stage: number): OciPlatform => platforms[stage] ?? input.targetPlatform;
  const imageKey = (reference: string, stage: number): string =>
    baseKey(baseName(reference), platformOf(stage));
  const want = (reference: string, stage: number, range: SourceRange): void => {
    const key = located(range, () => imageKey(reference, stage));
    if (images.has(key)) return;
    const name = baseName(reference);
    images.set(key, { key, reference, name, platform: platformOf(stage), range });
  };
  for (const index of stages.needed) {
    const plan = stages.stages[index];
    if (!plan) continue;
    const { base, stage } = plan;
    if (base.kind === 'image') want(base.reference, index, stage.from.range);
    for (const { range, reference } of references(stage.instructions, stages)) {
      if (reference.kind === 'image') want(reference.reference, index, range);
    }
  }
  return { dockerfile, scope, stages, images, imageKey };
}

function* references(
  instructions: readonly Instruction[],
  stages: BuildPlan,
): Generator<{ readonly range: SourceRange; readonly reference: SourceReference }> {
  for (const instruction of instructions) {
    const { range } = instruction;
    if (
      (instruction.kind === 'copy' || instruction.kind === 'add') &&
      instruction.from !== undefined
    ) {
      yield { range, reference: stages.source(instruction.from) };
    }
    if (instruction.kind !== 'run') continue;
    for (const { options } of instruction.mounts) {
      const from = options['from'] ?? '';
      if (from !== '') yield { range, reference: stages.mountSource(from) };
    }
  }
}

/**
 * What every needed stage does, in the order of their numbers: nothing is expanded, resolved or
 * refused later than here, but for what depends on files. `images` has every image of the outline.
 */
export function planBuild(
  outline: Outline,
  images: ReadonlyMap<string, BaseImage>,
  options: { readonly noCache: (stage: string | undefined, index: number) => boolean },
): ReadonlyMap<number, PlannedStage> {
  const planned = new Map<number, PlannedStage>();
  for (const index of outline.stages.needed) {
    planned.set(index, planStage(outline, images, planned, index, options));
  }
  return planned;
}

function planStage(
  outline: Outline,
  images: ReadonlyMap<string, BaseImage>,
  planned: ReadonlyMap<number, PlannedStage>,
  index: number,
  options: { readonly noCache: (stage: string | undefined, index: number) => boolean },
): PlannedStage {
  const plan = outline.stages.stages[index];
  if (!plan) throw new Error(`there is no stage ${index}`);
  const { stage } = plan;
  const { base, draft } = startStage(outline, images, planned, index);
  const triggers = located(stage.from.range, () => onbuild(draft, stage.from.range));
  const instructions = [...triggers, ...stage.instructions];
  const prefix: Prefix = stagePrefix(plan.label, countSteps(plan, instructions));
  const fromTitle = base.kind === 'image' ? prefix() : '';
  const steps: Step[] = [];
  const toOrigin = (source: SourceReference): Origin => {
    if (source.kind === 'stage') {
      if (planned.has(source.index)) return source;
      throw hidden(`stage ${source.index}`);
    }
    const { reference } = source;
    const key = outline.imageKey(reference, index);
    if (outline.images.has(key)) return { kind: 'image', key };
    throw hidden(reference);
  };
  for (const instruction of instructions) {
    const step = located(instruction.range, () =>
      planInstruction(draft, instruction, {
        prefix,
        noCache: options.noCache(stage.name, index),
        source: (from) => toOrigin(outline.stages.source(from)),
        mountSource: (from) => toOrigin(outline.stages.mountSource(from)),
      }),
    );
    if (step) steps.push(step);
    while (draft.lines.length < draft.rows.length) {
      draft.lines.push(instruction.range.start.line + 1);
    }
  }
  return { fromTitle, base, steps, draft };
}

/** Only an ONBUILD trigger can ask for what the Dockerfile does not: too late to plan for it. */
function hidden(from: string): EngineError {
  return new EngineError(
    'onbuild-source',
    `an ONBUILD trigger of the base image takes files from ${from}, which nothing else in this Dockerfile uses`,
    { hint: `Use it once in the Dockerfile, for example with COPY --from=${from}.` },
  );
}

function startStage(
  outline: Outline,
  images: ReadonlyMap<string, BaseImage>,
  planned: ReadonlyMap<number, PlannedStage>,
  index: number,
): { readonly base: PlannedStage['base']; readonly draft: Draft } {
  const plan = outline.stages.stages[index];
  const { scope } = outline;
  if (plan?.base.kind === 'image') {
    const key = outline.imageKey(plan.base.reference, index);
    const image = images.get(key);
    if (!image) throw new Error(`${key} was not opened`);
    return { base: { kind: 'image', key }, draft: draftFromImage(image.image.config, scope) };
  }
  if (plan?.base.kind === 'stage') {
    const below = planned.get(plan.base.index);
    if (!below) throw new Error(`stage ${plan.base.index} was not planned`);
    return { base: plan.base, draft: draftFromStage(below.draft, scope) };
  }
  const platform = parsePlatform(scope.env.get('TARGETPLATFORM') ?? 'linux/amd64');
  return { base: { kind: 'scratch' }, draft: emptyDraft(platform, scope) };
}

/** The triggers a base image left, which the stage takes off and obeys. */
function onbuild(draft: Draft, range: SourceRange): readonly Instruction[] {
  const triggers = draft.config.OnBuild ?? [];
  delete draft.config.OnBuild;
  return triggers.flatMap((trigger) => {
    const { dockerfile, diagnostics } = parseDockerfile(`FROM scratch\n${trigger}\n`);
    if (!dockerfile) {
      const [first] = diagnostics;
      throw new LocatedError(
        first?.code ?? 'onbuild-invalid',
        `ONBUILD trigger of the base image: ${first?.message ?? trigger}`,
        { range, ...(first && { hint: first.hint }) },
      );
    }
    return (dockerfile.stages[0]?.instructions ?? []).map((one) => ({ ...one, range }));
  });
}
