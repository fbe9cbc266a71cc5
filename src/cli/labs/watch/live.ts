import {
  countSteps,
  isPassed,
  type Occasion,
  type StepMarks,
  stepsToLookAt,
} from '../../../labs/steps.ts';
import { remembering, type RememberingEngine } from '../../../verify/remembering.ts';
import type { EngineWish } from '../desk.ts';
import { shownPath } from '../marker.ts';
import { headLines, markOf, resultLines, text } from '../render-report.ts';
import { keepSteps, stepsOf } from '../steps.ts';
import { BROKEN, INTERRUPTED, troubleFrom } from '../trouble.ts';
import { hintFor, readAnswer, runVerification } from '../verification.ts';
import type { Watch } from './events.ts';
import { troubleLines } from './plain.ts';

/** Milliseconds: a command makes several events. */
const CALM = 150;

/**
 * A live lab: its steps are looked at whenever something happens in the engine, or a file is saved,
 * and each is told once, when it is done. Ends by itself with the last.
 */
export async function liveWatch(
  { call, lab, place, events }: Omit<Watch, 'begin'>,
  wish: EngineWish,
): Promise<number> {
  const { desk, words, print, view, language } = call;
  const shown = shownPath(place.dir, desk.cwd);
  let marks: StepMarks = await stepsOf(desk, lab);
  let said = '';
  const opened = await desk.openEngine(wish, desk.signal);
  let engine: RememberingEngine;
  try {
    engine = await remembering(opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
  let timer: NodeJS.Timeout | undefined;
  engine.onHappened(() => {
    // Not put off again: what happens all the time must not keep it from looking.
    timer ??= setTimeout(() => {
      timer = undefined;
      events.push({ kind: 'happened' });
    }, CALM);
  });

  async function look(occasions: readonly Occasion[]): Promise<void> {
    const only = stepsToLookAt(lab.verifier.checks, marks, occasions);
    if (only.length === 0) return;
    try {
      const { folder } = await readAnswer(desk, lab, place.dir);
      const { signal } = desk;
      const what = { lab, engine, folder, nonce: place.nonce, only, signal };
      const { checks } = await runVerification(what);
      const before = marks;
      marks = await keepSteps(desk, lab, checks);
      const done = checks.filter(
        ({ id }) => marks[id]?.state === 'done' && before[id]?.state !== 'done',
      );
      for (const result of done) {
        const { found } = result;
        print(...resultLines(result, undefined, view));
        if (found) print(`    ${text(found[language], view)}`);
      }
      // What is still missing is said once, until it is something else.
      const next = checks.find(({ id, status }) => marks[id] === undefined && status !== 'skip');
      const lines = next ? resultLines(next, hintFor(lab, next), view) : [];
      const now = lines.join('\n');
      if (now !== said || done.length > 0) {
        said = now;
        print(
          ...lines,
          ...(lines.length > 0 ? [''] : []),
          words.watch.steps(countSteps(lab.verifier.checks, marks)),
          '',
        );
      }
    } catch (error) {
      const trouble = troubleFrom(error);
      if (!trouble) throw error;
      if (!desk.signal.aborted) print(...troubleLines(trouble, language));
    }
  }

  try {
    print(...headLines(lab, engine, view), '');
    for (const { id, title } of lab.verifier.checks) {
      const mark = marks[id];
      if (!mark) continue;
      const sign = markOf(mark.state === 'done' ? 'pass' : 'skip', view.paint);
      print(`${sign} ${title[language]}${mark.state === 'skipped' ? ` (${mark.note})` : ''}`);
    }
    print(words.watch.live(shown === '.' ? place.dir : shown), '');
    await look(['engine', 'files']);
    for (;;) {
      if (isPassed(lab.verifier.checks, marks)) {
        print(words.watch.allSteps);
        return 0;
      }
      if (countSteps(lab.verifier.checks, marks).left === 0) return 0;
      const event = await events.next();
      if (event.kind === 'stop') return INTERRUPTED;
      if (event.kind === 'gone') {
        print(words.watch.gone(shown));
        return BROKEN;
      }
      if (event.kind === 'happened') await look(['engine']);
      if (event.kind === 'saved') await look(['files']);
    }
  } finally {
    clearTimeout(timer);
    await engine.close();
  }
}
