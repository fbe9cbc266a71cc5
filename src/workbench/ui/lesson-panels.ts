import { h, inked } from '../../dom/h.ts';
import type { LabState } from '../port.ts';
import { button } from './button.ts';
import { type CheckPanel, type CheckPanelEvents, mountCheckPanel } from './check-panel.ts';
import type { Desk } from './desk.ts';
import type { Layout } from './layout.ts';
import { nextLinks, type NextStep } from './next-steps.ts';
import type { Parts } from './parts.ts';
import { mountStepsPanel } from './steps-panel.ts';
import { mountSolutionPanel, type SolutionPanel } from './solution-panel.ts';

/** What only a lab with checks has. */
export interface LessonPanels {
  readonly check: CheckPanel;
  readonly solution: SolutionPanel;
  /** The lab was opened: what it remembers. */
  opened(state: LabState): void;
  /** The lab begins anew. */
  forget(): void;
  dispose(): void;
}

export function mountLessonPanels(
  panels: Layout,
  desk: Desk,
  next: readonly NextStep[],
  { mountDiff, address }: Parts,
): LessonPanels {
  const { words, lang, lab } = desk;
  const solution = mountSolutionPanel(panels.panel('solution'), desk, mountDiff);
  const compare = (): void => {
    desk.show('solution', true);
    void solution.open();
  };
  const place = panels.panel('check');
  if (lab) place.append(h('p', { class: 'wb-goal' }, ...inked(lab.goal[lang])));
  const events: CheckPanelEvents = {
    onVerdict(verdict) {
      panels.mark('check', verdict);
    },
    onReport(report) {
      if (report.status === 'pass') solution.unlock();
    },
    afterPass: () => [
      ...nextLinks(next, lab?.lesson, { words, lang, address }),
      button(words.solution.show, compare, {
        ...{ class: 'wb-button wb-quiet', 'data-focus': 'compare' },
      }),
    ],
  };
  const steps = lab?.live ? mountStepsPanel(place, desk, events) : undefined;
  const check = steps ?? mountCheckPanel(place, desk, events);
  return {
    check,
    solution,
    opened(state) {
      if (state.passed) solution.unlock();
      steps?.opened(state);
    },
    forget() {
      check.forget();
      solution.forget();
    },
    dispose() {
      check.dispose();
      solution.dispose();
    },
  };
}
