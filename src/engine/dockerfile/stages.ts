import { EngineError } from '../errors.ts';
import { quote } from '../format/go-quote.ts';
import type { Dockerfile, Stage } from './instructions.ts';
import { LocatedError, located } from './located-error.ts';
import type { SourceRange } from './diagnostic.ts';
import { resolveFrom, type GlobalScope } from './scopes.ts';

export type SourceReference =
  | { readonly kind: 'stage'; readonly index: number }
  | { readonly kind: 'image'; readonly reference: string };

export interface StagePlan {
  readonly stage: Stage;
  /** `build`, `stage-0`; empty when the Dockerfile has one stage: progress shows it. */
  readonly label: string;
  readonly base: SourceReference | { readonly kind: 'scratch' };
  /** Of FROM --platform, expanded, not yet parsed. */
  readonly platform?: string;
}

export interface BuildPlan {
  readonly stages: readonly StagePlan[];
  /** Index of the stage to build. */
  readonly target: number;
  /** Indexes of the stages it needs, itself included, in the order written. */
  readonly needed: readonly number[];
  /**
   * What `COPY --from` names: a stage by number or by name (any case, the last of that name), else
   * an image. Throws `invalid-stage-index`.
   */
  readonly source: (from: string) => SourceReference;
  /** The same for `RUN --mount=from=`, where a number is no stage. */
  readonly mountSource: (from: string) => SourceReference;
}

/**
 * Looks up all names of stages. Throws, in BuildKit's words: `blank-base`, `unknown-target`,
 * `invalid-stage-index`, `circular-stages`, and `forward-stage` when a needed stage copies from one
 * below it.
 */
export function planStages(dockerfile: Dockerfile, scope: GlobalScope, target = ''): BuildPlan {
  const names = new Map<string, number>();
  const { stages: written } = dockerfile;
  const stages = written.map((stage): StagePlan => {
    const { image, platform } = resolveFrom(stage.from, scope);
    const label = written.length === 1 ? '' : (stage.name ?? `stage-${stage.index}`);
    const base = baseOf(image, names);
    // Only stages above count for FROM, so its own name comes after.
    if (stage.name !== undefined) names.set(stage.name, stage.index);
    return { stage, label, base, ...(platform === undefined ? {} : { platform }) };
  });
  const byName = (from: string): SourceReference => {
    const index = names.get(from.toLowerCase());
    return index === undefined ? { kind: 'image', reference: from } : { kind: 'stage', index };
  };
  const source = (from: string): SourceReference => {
    if (!/^[+-]?\d+$/.test(from)) return byName(from);
    const index = Number(from);
    if (index >= 0 && index < stages.length) return { kind: 'stage', index };
    throw new EngineError('invalid-stage-index', `invalid stage index ${index}`, {
      hint: `Stages are counted from 0; the last one here is ${stages.length - 1}.`,
    });
  };
  const wanted = target === '' ? stages.length - 1 : names.get(target.toLowerCase());
  if (wanted === undefined) {
    const known = [...names.keys()].join(', ');
    throw new EngineError('unknown-target', `target stage ${quote(target)} could not be found`, {
      hint: known === '' ? 'No stage has a name: write FROM … AS name.' : `Stages are ${known}.`,
    });
  }
  const uses = stages.map((plan) => usesOf(plan, source, byName));
  refuseCycles(stages, uses);
  const needed = reachable(wanted, uses);
  refuseForward(stages, uses, needed);
  return { stages, target: wanted, needed, source, mountSource: byName };
}

function baseOf(image: string, names: ReadonlyMap<string, number>): StagePlan['base'] {
  // Stage names are lower case, and FROM, unlike COPY --from, does not ignore case.
  const index = names.get(image);
  if (index !== undefined) return { kind: 'stage', index };
  return image === 'scratch' ? { kind: 'scratch' } : { kind: 'image', reference: image };
}

/** A stage another one needs, and by which line. */
interface Use {
  readonly index: number;
  readonly range: SourceRange;
  /** The word in COPY --from; FROM and mounts have none. */
  readonly from?: string;
}

function usesOf(
  { stage, base }: StagePlan,
  source: (from: string) => SourceReference,
  mountSource: (from: string) => SourceReference,
): readonly Use[] {
  const uses: Use[] = [];
  if (base.kind === 'stage') uses.push({ index: base.index, range: stage.from.range });
  for (const instruction of stage.instructions) {
    const { range } = instruction;
    if (instruction.kind === 'copy' && instruction.from !== undefined) {
      const { from } = instruction;
      const reference = located(range, () => source(from));
      if (reference.kind === 'stage') uses.push({ index: reference.index, range, from });
    }
    if (instruction.kind !== 'run') continue;
    for (const { options } of instruction.mounts) {
      const reference = mountSource(options['from'] ?? '');
      if (reference.kind === 'stage') uses.push({ index: reference.index, range });
    }
  }
  return uses;
}

/** Depth first with a stack of its own: ten thousand stages in a row are no reason to overflow. */
function refuseCycles(stages: readonly StagePlan[], uses: readonly (readonly Use[])[]): void {
  const done = new Set<number>();
  for (const start of stages.keys()) {
    if (done.has(start)) continue;
    const path = [{ index: start, next: 0 }];
    const onPath = new Set([start]);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const use = uses[top.index]?.[top.next++];
      if (!use) {
        done.add(top.index);
        onPath.delete(top.index);
        path.pop();
      } else if (onPath.has(use.index)) {
        const { stage } = stages[start] ?? {};
        throw new LocatedError(
          'circular-stages',
          `circular dependency detected on stage: ${stage?.name ?? `stage-${start}`}`,
          { range: use.range, hint: 'A stage can only take files from stages above it.' },
        );
      } else if (!done.has(use.index)) {
        path.push({ index: use.index, next: 0 });
        onPath.add(use.index);
      }
    }
  }
}

function reachable(target: number, uses: readonly (readonly Use[])[]): readonly number[] {
  const found = new Set([target]);
  for (const index of found) for (const use of uses[index] ?? []) found.add(use.index);
  return [...found].sort((a, b) => a - b);
}

function refuseForward(
  stages: readonly StagePlan[],
  uses: readonly (readonly Use[])[],
  needed: readonly number[],
): void {
  for (const index of needed) {
    for (const use of uses[index] ?? []) {
      if (use.index < index || use.from === undefined) continue;
      const label = stages[index]?.stage.name ?? `stage-${index}`;
      throw new LocatedError(
        'forward-stage',
        `cannot copy from stage ${quote(use.from)}, it needs to be defined before current stage ${quote(label)}`,
        { range: use.range, hint: 'Move the stage it copies from above this one.' },
      );
    }
  }
}
