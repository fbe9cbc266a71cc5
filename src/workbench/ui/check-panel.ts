import { type Child, fill, h } from '../../dom/h.ts';
import type { CheckResult, Report } from '../../verify/check.ts';
import type { Change } from '../port.ts';
import { button } from './button.ts';
import { drawItem } from './check-item.ts';
import {
  afterEvent,
  beforeChecks,
  type CheckEvent,
  type CheckItem,
  type CheckState,
} from './check-state.ts';
import { announcementOf, elapsedOf, type Tone, verdictOf } from './check-words.ts';
import { continuous } from './continuous.ts';
import { detailElement } from './cover-view.ts';
import type { Desk } from './desk.ts';
import { type HintsGiven, shownHints, withOneMore } from './hints.ts';
import { keepingFocus } from './keep-focus.ts';
import { countsFrom, memory } from './memory.ts';
import { asTrouble, troubleWords } from './trouble.ts';

/** How long after a save the checks begin: a build tool writes many files. */
const CALM = 400;

export interface CheckPanel {
  /** Runs the checks; a run that is under way is left alone. */
  run(): Promise<void>;
  changed(change: Change): void;
  /** The lab begins anew: results and hints are forgotten. */
  forget(): void;
  dispose(): void;
}

export interface CheckPanelEvents {
  /** A run is over, or is forgotten. */
  onVerdict(verdict: { readonly tone: Tone; readonly label: string } | undefined): void;
  onReport(report: Report): void;
  /** What there is to do after a pass. */
  afterPass(): readonly Child[];
}

export function mountCheckPanel(
  element: HTMLElement,
  desk: Desk,
  events: CheckPanelEvents,
): CheckPanel {
  const { words, lang, lab, workbench } = desk;
  const hintsName = `hints:${lab?.slug ?? ''}`;
  let state: CheckState = beforeChecks(lab?.checks ?? []);
  let given: HintsGiven = countsFrom(memory.read(hintsName));
  let under: { readonly stop: AbortController; readonly end: Promise<void> } | undefined;

  const runButton = button(words.check.run, toggle, {
    ...{ class: 'wb-button wb-primary wb-run', 'data-focus': 'run' },
  });
  const always = h('input', { type: 'checkbox', 'data-focus': 'always' });
  const verdict = h('div', { class: 'wb-verdict' });
  const elapsed = h('p', { class: 'wb-soft wb-elapsed' });
  const list = h('ol', { class: 'wb-checks', 'aria-label': words.check.list });
  const rows = new Map<string, { readonly element: HTMLElement; drawn?: CheckItem }>();
  element.append(
    h(
      'div',
      { class: 'wb-check-head' },
      runButton,
      h(
        'label',
        { class: 'wb-always', title: words.check.continuousAbout },
        always,
        words.check.continuous,
      ),
    ),
    verdict,
    elapsed,
    list,
  );

  const saves = continuous(
    async () => {
      await under?.end;
      await run();
    },
    (later) => {
      const timer = setTimeout(later, CALM);
      return () => {
        clearTimeout(timer);
      };
    },
  );
  always.addEventListener('change', () => {
    saves.turn(always.checked);
    if (always.checked && under === undefined) void run();
  });

  function toggle(): void {
    if (under) under.stop.abort();
    else void run();
  }

  async function run(): Promise<void> {
    if (under) return under.end;
    const stop = new AbortController();
    const end = checkOnce(stop.signal);
    under = { stop, end };
    drawHead();
    await end;
    under = undefined;
    drawHead();
  }

  async function checkOnce(signal: AbortSignal): Promise<void> {
    const began = performance.now();
    const clock = setInterval(() => {
      elapsed.textContent = elapsedOf((performance.now() - began) / 1000, words);
    }, 1000);
    try {
      await desk.saveFiles();
      // What was saved until now is what is checked.
      saves.stop();
      apply({ kind: 'begin' });
      desk.announce(words.check.again);
      const report = await workbench.check({
        signal,
        onStart: (id) => {
          apply({ kind: 'start', id });
        },
        onResult: (result: CheckResult) => {
          apply({ kind: 'result', result });
        },
      });
      apply({ kind: 'end', report });
      events.onReport(report);
    } catch (thrown) {
      apply(signal.aborted ? { kind: 'stop' } : { kind: 'crash', error: asTrouble(thrown) });
    } finally {
      clearInterval(clock);
      elapsed.textContent = '';
    }
    desk.announce(announcementOf(state, words, lang));
  }

  function apply(event: CheckEvent): void {
    state = afterEvent(state, event);
    draw();
  }

  function draw(): void {
    drawVerdict();
    for (const item of state.items) {
      let row = rows.get(item.id);
      if (row === undefined) {
        row = { element: h('li', { class: 'wb-item' }) };
        rows.set(item.id, row);
        list.append(row.element);
      }
      if (row.drawn !== item) drawRow(row.element, item);
      row.drawn = item;
    }
  }

  function drawRow(row: HTMLElement, item: CheckItem, otherwise?: string): void {
    keepingFocus(
      row,
      () => {
        drawItem(row, item, desk, { given, giveHint });
      },
      otherwise,
    );
  }

  function giveHint(check: string): void {
    const item = state.items.find(({ id }) => id === check);
    if (item?.result === undefined) return;
    given = withOneMore(given, check);
    memory.write(hintsName, given);
    const { shown } = shownHints(lab?.hints ?? [], item.result, given);
    const row = rows.get(check);
    if (row) drawRow(row.element, item, `${check}-hint-${shown.length - 1}`);
    desk.announce((shown.at(-1)?.text[lang] ?? '').replaceAll('`', ''));
  }

  function drawHead(): void {
    runButton.textContent = under ? words.check.stop : words.check.run;
    runButton.classList.toggle('wb-primary', under === undefined);
  }

  function drawVerdict(): void {
    const { tone, text, counts } = verdictOf(state, words, lang);
    verdict.dataset['tone'] = tone;
    const passed = state.phase === 'done' && state.report?.status === 'pass';
    keepingFocus(verdict, () => {
      fill(
        verdict,
        h('p', { class: 'wb-verdict-text' }, text),
        counts !== undefined && h('p', { class: 'wb-soft' }, counts),
        state.stale &&
          state.phase !== 'running' &&
          h('p', { class: 'wb-stale' }, words.check.stale),
        ...(state.phase === 'crashed' && state.error ? crash(state.error) : []),
        ...(passed ? [h('div', { class: 'wb-next' }, ...events.afterPass())] : []),
      );
    });
    const label = text.replace(/[.:]$/, '');
    events.onVerdict(state.phase === 'done' && tone !== 'calm' ? { tone, label } : undefined);
  }

  function crash(error: NonNullable<CheckState['error']>): readonly Child[] {
    const { message, hint } = troubleWords(error, words);
    return [
      h('p', {}, [message, hint].filter((part) => part !== undefined).join(' ')),
      detailElement(error, words),
    ];
  }

  draw();
  return {
    run,
    changed(change) {
      if (change.kind !== 'files') return;
      if (!state.stale) apply({ kind: 'files' });
      saves.changed(change.paths);
    },
    forget() {
      under?.stop.abort();
      given = {};
      memory.write(hintsName, given);
      apply({ kind: 'forget' });
    },
    dispose() {
      saves.stop();
      under?.stop.abort();
    },
  };
}
