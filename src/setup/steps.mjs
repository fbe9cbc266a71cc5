// Runs the steps of the set-up in order: each is skipped when it is done already.

import { signalCode } from './child.mjs';
import { startProgress } from './progress.mjs';
import { diagnose, StepFailure } from './trouble.mjs';

/**
 * @typedef {object} Step
 * @property {import('./words.mjs').WordKey} title
 * @property {() => boolean | Promise<boolean>} isDone looks at what is there, never only at a flag:
 *   folders get deleted
 * @property {() => Promise<import('./child.mjs').Ended>} work safe to repeat after it was cut off anywhere
 * @property {boolean} [quiet] false when the step shows its own progress
 */

/**
 * @param {readonly Step[]} steps
 * @param {import('./progress.mjs').Screen} screen
 * @param {import('./words.mjs').Words} words
 * @returns {Promise<number>} exit code: 0 when every step is done, 128 + n when signal n interrupted
 */
export async function runSteps(steps, screen, words) {
  for (const step of steps) {
    const code = await runStep(step, screen, words);
    if (code !== 0) return code;
  }
  return 0;
}

/**
 * @param {Step} step
 * @param {import('./progress.mjs').Screen} screen
 * @param {import('./words.mjs').Words} words
 */
async function runStep({ title, isDone, work, quiet = true }, screen, words) {
  if (await isDone()) return 0;
  const progress = quiet ? startProgress(screen, words, words(title)) : undefined;
  try {
    const ended = await work();
    if (ended.interrupted !== undefined) {
      progress?.failed();
      screen.write(`${words('interrupted')}\n`);
      return signalCode(ended.interrupted);
    }
    if (ended.code !== 0) throw new StepFailure(ended.output, { shown: !quiet });
    if (!(await isDone())) throw new StepFailure(ended.output, { shown: !quiet });
    progress?.done();
    return 0;
  } catch (error) {
    progress?.failed();
    const failure =
      error instanceof StepFailure ? error : new StepFailure(/** @type {Error} */ (error).message);
    tell(failure, screen, words);
    return 1;
  }
}

/**
 * @param {StepFailure} failure
 * @param {import('./progress.mjs').Screen} screen
 * @param {import('./words.mjs').Words} words
 */
function tell({ output, shown }, screen, words) {
  const { kind, path } = diagnose(output);
  if (kind === 'other' && !shown && output.trim() !== '') {
    screen.write(`${output.trim().split('\n').slice(-20).join('\n')}\n`);
  }
  // What a step with its own progress printed is on the screen already, in its own words.
  if (shown && kind === 'other') return;
  screen.write(`${words(`trouble-${kind}`, { path: path ?? words('this-folder') })}\n`);
}
