import type { SourceRange } from '../../engine/dockerfile/diagnostic.ts';
import { parseDockerfile } from '../../engine/dockerfile/parse.ts';
import type { Instruction, Stage } from '../../engine/dockerfile/instructions.ts';
import { canonicalName, parseReference } from '../../engine/oci/reference.ts';

/** Instructions that BuildKit counts in `[stage 2/5]`; the others only change the config. */
const COUNTED = new Set<Instruction['kind']>(['run', 'copy', 'add', 'workdir']);

/** `STEP 2/3: RUN make`, of several stages `[1/2] STEP 2/3: RUN make`: Podman counts every instruction. */
const PODMAN_STEP = /^(?:\[(\d+)\/\d+\] )?STEP (\d+)\/\d+:/;

/**
 * The line of a Dockerfile that a failure is about: by what the message says itself, or by the name
 * of the step that failed (`[build 2/3] RUN …`, `[internal] load metadata for …`,
 * Podman's `STEP 2/3: …`). Undefined when neither tells.
 */
export function failedLine(
  source: string,
  message: string,
  step: string | undefined,
): number | undefined {
  const said = /(?:parse error|error)? ?on line (\d+)|^Dockerfile:(\d+)/i.exec(message);
  if (said) return Number(said[1] ?? said[2]);
  const { dockerfile, diagnostics } = parseDockerfile(source);
  if (!dockerfile) return lineOf(diagnostics[0]);
  if (step === undefined) return undefined;
  const metadata = /^\[internal\] load metadata for (\S+)/.exec(step)?.[1];
  if (metadata !== undefined) return lineOfBase(dockerfile.stages, metadata);
  const podman = PODMAN_STEP.exec(step);
  if (podman) {
    const [, stage = '1', at = '1'] = podman;
    const { from, instructions } = dockerfile.stages[Number(stage) - 1] ?? {};
    return lineOf(at === '1' ? from : instructions?.[Number(at) - 2]);
  }
  const [, label = '', count = ''] = /^\[(?:(\S+) )?(\d+)\/\d+\]/.exec(step) ?? [];
  if (count === '') return undefined;
  const index = /^stage-(\d+)$/.exec(label)?.[1];
  const stage =
    dockerfile.stages.find(({ name }) => name === label) ??
    (index === undefined ? dockerfile.stages.at(-1) : dockerfile.stages[Number(index)]);
  return lineOfStep(stage, Number(count));
}

/** The first step of a stage is its FROM. */
function lineOfStep(stage: Stage | undefined, count: number): number | undefined {
  if (!stage) return undefined;
  const counted = stage.instructions.filter(({ kind }) => COUNTED.has(kind));
  return lineOf(count === 1 ? stage.from : counted[count - 2]);
}

function lineOfBase(stages: readonly Stage[], reference: string): number | undefined {
  const same = (image: string): boolean => {
    try {
      return canonicalName(parseReference(image)) === reference;
    } catch {
      return false;
    }
  };
  return lineOf(stages.find(({ from }) => same(from.image))?.from);
}

/** People count from 1. */
function lineOf(part: { readonly range: SourceRange } | undefined): number | undefined {
  return part && part.range.start.line + 1;
}
