import './steps.css';
import { type Child, fill, h } from '../../dom/h.ts';
import {
  countSteps,
  isPassed,
  type Occasion,
  type StepMarks,
  stepsToLookAt,
  withPassed,
} from '../../labs/steps.ts';
import type { CheckResult } from '../../verify/check.ts';
import type { LabState } from '../port.ts';
import type { CheckPanel, CheckPanelEvents } from './check-panel.ts';
import type { Desk } from './desk.ts';
import { type HintsGiven, shownHints, withOneMore } from './hints.ts';
import { keepingFocus } from './keep-focus.ts';
import { lookouts } from './lookouts.ts';
import { countsFrom, memory } from './memory.ts';
import { drawStep, type Step } from './step-item.ts';
import { asTrouble, troubleWords } from './trouble.ts';
import { stepWords } from './words/steps.ts';

/** Milliseconds: a command makes several events. */
const CALM = 150;

/** The steps of a live lab: looked at by itself, done for good, skipped with a note. */
export function mountStepsPanel(
  element: HTMLElement,
  desk: Desk,
  events: CheckPanelEvents,
): CheckPanel & { opened(state: LabState): void } {
  const { lang, lab, workbench } = desk;
  const words = stepWords[lang];
  const steps = lab?.checks ?? [];
  const hintsName = `hints:${lab?.slug ?? ''}`;
  let given: HintsGiven = countsFrom(memory.read(hintsName));
  let marks: StepMarks | undefined;
  const results = new Map<string, CheckResult>();
  let now: string | undefined;
  /** The step whose note is being written. */
  let skipping: string | undefined;
  let trouble: readonly Child[] = [];
  let stop = new AbortController();

  const verdict = h('div', { class: 'wb-verdict' });
  const list = h('ol', { class: 'wb-checks', 'aria-label': words.list });
  const rows = new Map<string, HTMLElement>();
  const drawn = new Map<HTMLElement, string>();
  for (const { id } of steps) {
    const row = h('li', { class: 'wb-item' });
    rows.set(id, row);
    list.append(row);
  }
  element.append(
    h('p', { class: 'wb-watching' }, words.watching),
    h('p', { class: 'wb-soft' }, words.about),
    verdict,
    list,
  );

  const outs = lookouts(look, (later) => {
    const timer = setTimeout(later, CALM);
    return () => {
      clearTimeout(timer);
    };
  });

  async function look(occasions: readonly Occasion[]): Promise<void> {
    if (marks === undefined) return;
    const only = stepsToLookAt(steps, marks, occasions);
    if (only.length === 0) return;
    const { signal } = stop;
    try {
      if (occasions.includes('files')) await desk.saveFiles();
      const report = await workbench.check({
        ...{ only, signal },
        onStart(id) {
          now = id;
          draw();
        },
        onResult(result) {
          now = undefined;
          if (!signal.aborted) take(result);
        },
      });
      trouble = [];
      events.onReport({ ...report, status: done() ? 'pass' : 'fail' });
    } catch (thrown) {
      if (!signal.aborted) trouble = troubled(thrown);
    } finally {
      now = undefined;
      draw();
    }
  }

  function take(result: CheckResult): void {
    results.set(result.id, result);
    if (marks && marks[result.id]?.state !== 'done' && result.status === 'pass') {
      marks = withPassed(marks, [result], new Date().toISOString());
      desk.announce(words.done(plain(result.title[lang]), countSteps(steps, marks).left));
    }
    draw();
  }

  const done = (): boolean => marks !== undefined && isPassed(steps, marks);

  function troubled(thrown: unknown): readonly Child[] {
    const { message, hint } = troubleWords(asTrouble(thrown), desk.words);
    return [words.trouble, message, hint].flatMap((text) =>
      text === undefined ? [] : [h('p', { class: 'wb-soft' }, text)],
    );
  }

  function draw(): void {
    if (marks === undefined) return;
    drawVerdict(marks);
    const first = steps.find(({ id }) => marks?.[id] === undefined)?.id;
    for (const { id, title } of steps) {
      const row = rows.get(id);
      const step: Step = {
        ...{ id, title, mark: marks[id], result: results.get(id) },
        ...{ isNow: now === id, isNext: id === first, isSkipping: skipping === id },
      };
      if (row) drawRow(row, step);
    }
  }

  function drawRow(row: HTMLElement, step: Step): void {
    // What is being written is not drawn over.
    const { activeElement } = document;
    if (activeElement instanceof HTMLInputElement && row.contains(activeElement)) return;
    const key = JSON.stringify([step, given[step.id]]);
    if (drawn.get(row) === key) return;
    drawn.set(row, key);
    keepingFocus(row, () => {
      drawStep(row, step, desk, { given, giveHint, askSkip, skip });
    });
  }

  function giveHint(id: string): void {
    given = withOneMore(given, id);
    memory.write(hintsName, given);
    draw();
    const { shown } = shownHints(lab?.hints ?? [], results.get(id) ?? { id }, given);
    desk.announce(plain(shown.at(-1)?.text[lang] ?? ''));
  }

  function askSkip(id: string | undefined): void {
    skipping = id;
    draw();
    if (id !== undefined) rows.get(id)?.querySelector('input')?.focus();
  }

  function skip(id: string, note: string | undefined): void {
    skipping = undefined;
    void workbench.skipStep(id, note).then(
      (next) => {
        marks = next;
        draw();
        if (note === undefined) {
          outs.on('engine');
          outs.on('files');
        }
      },
      (thrown: unknown) => {
        trouble = troubled(thrown);
        draw();
      },
    );
  }

  function drawVerdict(known: StepMarks): void {
    const counts = countSteps(steps, known);
    const passed = done();
    const over = counts.left === 0;
    verdict.dataset['tone'] = passed ? 'ok' : 'calm';
    const text = passed ? words.all : over ? words.allButSkipped : words.counts(counts);
    keepingFocus(verdict, () => {
      fill(
        verdict,
        h('p', { class: 'wb-verdict-text' }, text),
        over && h('p', { class: 'wb-soft' }, words.counts(counts)),
        ...trouble,
        over && h('div', { class: 'wb-next' }, ...events.afterPass()),
      );
    });
    events.onVerdict(passed ? { tone: 'ok', label: plain(text) } : undefined);
  }

  return {
    async run() {
      outs.on('engine');
      outs.on('files');
    },
    opened(state) {
      marks = state.steps;
      draw();
      outs.on('engine');
      outs.on('files');
    },
    changed(change) {
      if (change.kind === 'files') outs.on('files');
      if (change.kind === 'happened') outs.on('engine');
    },
    forget() {
      stop.abort();
      stop = new AbortController();
      given = {};
      memory.write(hintsName, given);
      results.clear();
      marks = {};
      skipping = undefined;
      draw();
      outs.on('engine');
      outs.on('files');
    },
    dispose() {
      outs.stop();
      stop.abort();
    },
  };
}

const plain = (text: string): string => text.replaceAll('`', '');
