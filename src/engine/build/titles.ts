import { lex } from '../dockerfile/expand.ts';
import { trimSpace } from '../dockerfile/go-text.ts';
import type { StageScope } from '../dockerfile/scopes.ts';
import type { StagePlan } from '../dockerfile/stages.ts';
import type { Instruction } from '../dockerfile/instructions.ts';
import { EngineError } from '../errors.ts';

/** The `[build 2/3]` in front of what progress shows; each call counts one more. */
export type Prefix = () => string;

/** `total` is known before: FROM an image counts, and so do RUN, COPY, ADD and WORKDIR. */
export function stagePrefix(label: string, total: number): Prefix {
  let index = 0;
  // As BuildKit pads: by the digits of the total.
  const width = String(total).length;
  return () => {
    index++;
    return `[${label === '' ? '' : `${label} `}${String(index).padStart(width)}/${total}] `;
  };
}

export function countSteps(plan: StagePlan, instructions: readonly Instruction[]): number {
  const steps = instructions.filter(({ kind }) =>
    ['run', 'copy', 'add', 'workdir'].includes(kind),
  ).length;
  return steps + (plan.base.kind === 'image' ? 1 : 0);
}

/** The instruction as written, its variables filled in where they are set. */
export function titleOf(text: string, scope: StageScope): string {
  const shown = text.replace(/^\S+/, (keyword) => keyword.toUpperCase());
  try {
    return lex(shown, scope.env, scope.global.escape, { rawQuotes: true, keepUnset: true }).result;
  } catch (error) {
    // Only for show: what is wrong with the line is said where it is used.
    if (error instanceof EngineError) return shown;
    throw error;
  }
}

/** BuildKit shows the first line of a heredoc in RUN's title. */
export function heredocSummary(content: string): string {
  const [first = '', ...more] = trimSpace(content).split('\n');
  return ` (${first.replace(/\r$/, '')}${more.length > 0 ? '...' : ''})`;
}
