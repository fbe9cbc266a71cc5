import type { SourceRange } from './diagnostic.ts';
import type { Dockerfile, FromInstruction, Instruction, Stage } from './instructions.ts';
import { readLogicalLines, type LogicalLine } from './logical-lines.ts';
import type { BuildArgs, PlatformNames } from './scopes.ts';

/** What a check may know; everything but the Dockerfile is optional, and less is found without it. */
export interface CheckContext {
  readonly dockerfile: Dockerfile;
  readonly buildArgs: BuildArgs;
  readonly platforms: PlatformNames;
  /** `NAME=value` of the base image of a stage; undefined when nobody knows: no guesses then. */
  readonly imageEnv: (stage: Stage) => readonly string[] | undefined;
  /** Whether `.dockerignore` drops the path. */
  readonly isIgnored: (path: string) => boolean;
  readonly parts: readonly Part[];
}

/** An instruction beside its source. Global ARGs are in no stage. */
export interface Part {
  readonly line: LogicalLine;
  readonly instruction: Instruction | FromInstruction;
  readonly stage: Stage | undefined;
}

export interface Finding {
  readonly message: string;
  readonly range: SourceRange;
  /** What a placeholder in the page's advice stands for; the whole advice when absent. */
  readonly hint?: string;
}

export interface CheckRule {
  readonly name: string;
  /** Runs only when asked for: Docker is not sure of it yet. */
  readonly experimental?: boolean;
  find(context: CheckContext): Iterable<Finding>;
}

/** Pairs instructions with the lines they came from; parsing keeps their order and number. */
export function partsOf(dockerfile: Dockerfile): readonly Part[] {
  const { lines } = readLogicalLines(dockerfile.source);
  const instructions: Omit<Part, 'line'>[] = [
    ...dockerfile.globalArgs.map((instruction) => ({ instruction, stage: undefined })),
    ...dockerfile.stages.flatMap((stage) => [
      { instruction: stage.from, stage },
      ...stage.instructions.map((instruction) => ({ instruction, stage })),
    ]),
  ];
  const parts: Part[] = [];
  for (const [i, line] of lines.entries()) {
    const part = instructions[i];
    if (part) parts.push({ ...part, line });
  }
  return parts;
}

export function keywordRange({ line }: Part): SourceRange {
  return line.joined.range(line.keyword.start, line.keyword.end);
}
