import type { Dockerfile, Instruction, Stage } from '../engine/dockerfile/instructions.ts';
import { parseDockerfile } from '../engine/dockerfile/parse.ts';
import type { BuildOptions, Where } from './check.ts';
import type { Image } from './engine.ts';
import { textOf, type Folder } from './folder.ts';

/** An image and what it was built from. */
export interface Origin {
  readonly image: Image;
  /** Path of the Dockerfile in the learner's folder. */
  readonly file: string;
  readonly text: string;
  readonly target?: string;
}

/** Where a build's Dockerfile is in the learner's folder. */
export function dockerfileOf({ context = '', dockerfile = 'Dockerfile' }: BuildOptions): string {
  const folder = context.replace(/^\.?\/+|\/+$/g, '');
  return folder === '' || folder === '.' ? dockerfile : `${folder}/${dockerfile}`;
}

/** Undefined when the folder has no such Dockerfile: it was planted. */
export function originOf(image: Image, folder: Folder, options: BuildOptions): Origin | undefined {
  const { target } = options;
  const file = dockerfileOf(options);
  const text = textOf(folder, file);
  if (text === undefined || options.plant?.[options.dockerfile ?? 'Dockerfile'] !== undefined)
    return undefined;
  return { image, file, text, ...(target !== undefined && { target }) };
}

/**
 * `where` with the line of the learner's Dockerfile, when a layer or an instruction is told and one
 * of these builds explains it. What is there already is left alone.
 */
export function located(where: Where, origins: readonly Origin[]): Where {
  const { instruction, ...rest } = where;
  if (rest.source?.line !== undefined) return rest;
  const { layer } = rest;
  if (layer) {
    const origin = origins.findLast(({ image }) => indexOf(image, layer.diffId) !== undefined);
    const line = origin && lineOfLayer(origin, layer.diffId);
    if (origin && line !== undefined) return { ...rest, source: { file: origin.file, line } };
  }
  const origin = origins.at(-1);
  const line = origin && instruction !== undefined && lineOfInstruction(origin, instruction);
  return origin && typeof line === 'number'
    ? { ...rest, source: { file: origin.file, line } }
    : rest;
}

/** Line, from 1, of the instruction that made a layer; undefined for those of the base. */
export function lineOfLayer({ image, text, target }: Origin, diffId: string): number | undefined {
  const { dockerfile } = parseDockerfile(text);
  const index = indexOf(image, diffId);
  const row = index === undefined ? undefined : rowOf(image, index);
  if (!dockerfile || row === undefined) return undefined;
  return matched(image, written(dockerfile, target)).get(row);
}

/** Line, from 1, of the last `USER` (and so on) of what is built; of its `FROM` when there is none. */
export function lineOfInstruction(
  { text, target }: Origin,
  keywords: string | readonly string[],
): number | undefined {
  const { dockerfile } = parseDockerfile(text);
  const stages = dockerfile ? chain(dockerfile, target) : [];
  const instructions = stages.flatMap((stage) => stage.instructions);
  const kinds = (typeof keywords === 'string' ? [keywords] : keywords).map((one) =>
    one.toLowerCase(),
  );
  const last = instructions.findLast(({ kind }) => kinds.includes(kind)) ?? stages.at(-1)?.from;
  return last && last.range.start.line + 1;
}

function indexOf(image: Image, diffId: string): number | undefined {
  const index = image.config.rootfs.diff_ids.findIndex((id) => id === diffId);
  return index < 0 ? undefined : index;
}

/** Index of the history row that made a layer. */
function rowOf(image: Image, layer: number): number | undefined {
  const rows = [...image.config.history.entries()].filter(([, row]) => row.empty_layer !== true);
  return rows[layer]?.[0];
}

/** The stages that an image is made of, its base's first: a stage `FROM` another one goes on with it. */
function chain(dockerfile: Dockerfile, target: string | undefined): readonly Stage[] {
  const { stages } = dockerfile;
  const wanted = target?.toLowerCase();
  let stage: Stage | undefined =
    wanted === undefined
      ? stages.at(-1)
      : (stages.findLast(({ name }) => name === wanted) ?? stages[Number(wanted)]);
  const found: Stage[] = [];
  while (stage) {
    const { index, from }: Stage = stage;
    found.unshift(stage);
    stage = stages.slice(0, index).findLast(({ name }) => name === from.image.toLowerCase());
  }
  return found;
}

function written(dockerfile: Dockerfile, target: string | undefined): readonly Instruction[] {
  return chain(dockerfile, target).flatMap(({ instructions }) => instructions);
}

/** Builders that leave no row for these: ONBUILD of BuildKit, ARG and MAINTAINER of others. */
const MAY_LEAVE_NO_ROW: ReadonlySet<string> = new Set(['onbuild', 'arg', 'maintainer']);

/**
 * Line by history row, from the last backwards: an instruction makes one row, and rows that are left
 * are the base's. What cannot be matched ends it, so that a guess is never told.
 */
function matched(
  { config }: Image,
  instructions: readonly Instruction[],
): ReadonlyMap<number, number> {
  const lines = new Map<number, number>();
  let row = config.history.length - 1;
  for (const { kind, range } of instructions.toReversed()) {
    // The old builder writes the labels that an adapter adds as rows of their own.
    while (kind !== 'label' && keywordOf(config.history[row]?.created_by) === 'label') row -= 1;
    if (keywordOf(config.history[row]?.created_by) === kind) {
      lines.set(row, range.start.line + 1);
      row -= 1;
    } else if (!MAY_LEAVE_NO_ROW.has(kind)) break;
  }
  return lines;
}

/** What made a row: BuildKit writes `COPY …`, older builders `/bin/sh -c #(nop) COPY …`, both leave out RUN. */
function keywordOf(createdBy: string | undefined): string | undefined {
  if (createdBy === undefined) return undefined;
  const nop = /#\(nop\)\s+([A-Za-z]+)/.exec(createdBy)?.[1];
  if (nop !== undefined) return nop.toLowerCase();
  const first = /^[A-Z]+(?=\s|$)/.exec(createdBy)?.[0];
  return first === undefined ? 'run' : first.toLowerCase();
}
