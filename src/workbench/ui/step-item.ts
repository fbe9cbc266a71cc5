import { type Child, fill, h, inked } from '../../dom/h.ts';
import type { StepMark } from '../../labs/steps.ts';
import type { CheckResult } from '../../verify/check.ts';
import type { Words } from '../../verify/words.ts';
import { button } from './button.ts';
import { findings, hintElements, type ItemActions } from './check-item.ts';
import type { Desk } from './desk.ts';
import { stepWords } from './words/steps.ts';

/** A step as the panel shows it. */
export interface Step {
  readonly id: string;
  readonly title: Words;
  readonly mark: StepMark | undefined;
  /** Of the last look. */
  readonly result: CheckResult | undefined;
  /** It is being looked at. */
  readonly isNow: boolean;
  /** It is the first that is left: its findings are shown. */
  readonly isNext: boolean;
  /** Its note is being written. */
  readonly isSkipping: boolean;
}

export interface StepActions extends ItemActions {
  /** Undefined: not after all. */
  askSkip(id: string | undefined): void;
  /** Without a note it is to be done again. */
  skip(id: string, note: string | undefined): void;
}

const SIGNS = { done: 'pass', skipped: 'skip' } as const;

/** Draws a step into its list item: what showed it, or what is missing, hints, and how to skip it. */
export function drawStep(element: HTMLElement, step: Step, desk: Desk, actions: StepActions): void {
  const words = stepWords[desk.lang];
  const { title, mark, isNow } = step;
  element.dataset['status'] = mark ? SIGNS[mark.state] : isNow ? 'running' : 'waiting';
  fill(
    element,
    h('span', { class: 'wb-sign', 'aria-hidden': 'true' }),
    h(
      'div',
      { class: 'wb-check-body' },
      h(
        'h3',
        { class: 'wb-check-title' },
        ...inked(title[desk.lang]),
        ' ',
        h('span', { class: 'wb-check-status' }, words.status[mark?.state ?? 'open']),
      ),
      ...(mark ? markedBody(step.id, mark, desk, actions) : openBody(step, desk, actions)),
    ),
  );
}

function markedBody(
  id: string,
  mark: StepMark,
  { lang }: Desk,
  actions: StepActions,
): readonly Child[] {
  const words = stepWords[lang];
  if (mark.state === 'done') {
    return [mark.found && h('p', { class: 'wb-soft' }, ...inked(mark.found[lang]))];
  }
  return [
    h('p', { class: 'wb-soft' }, words.note(mark.note)),
    quiet(words.again, `${id}-again`, () => {
      actions.skip(id, undefined);
    }),
  ];
}

function openBody(step: Step, desk: Desk, actions: StepActions): readonly Child[] {
  const { id, result, isNext, isSkipping } = step;
  const failed: CheckResult =
    result?.status === 'fail' ? result : { id, title: step.title, status: 'fail', seconds: 0 };
  const broken = result?.status === 'broken' ? result : undefined;
  return [
    ...(broken ? findings(broken, desk) : isNext && result ? findings(result, desk) : []),
    h(
      'div',
      { class: 'wb-step-help' },
      ...hintElements(failed, desk, actions),
      ...(isSkipping ? skipForm(id, desk, actions) : [skipButton(id, desk, actions)]),
    ),
  ];
}

function skipButton(id: string, { lang }: Desk, actions: StepActions): Child {
  return quiet(stepWords[lang].skip, `${id}-skip`, () => {
    actions.askSkip(id);
  });
}

function skipForm(id: string, { lang }: Desk, actions: StepActions): readonly Child[] {
  const words = stepWords[lang];
  const note = h('input', {
    ...{ type: 'text', class: 'wb-note', maxlength: 500, 'data-focus': `${id}-note` },
    'aria-label': words.whySkip,
    placeholder: words.whySkip,
  });
  return [
    h(
      'form',
      {
        class: 'wb-skip',
        submit: (event) => {
          event.preventDefault();
          note.blur();
          actions.skip(id, note.value.trim());
        },
      },
      note,
      h('button', { type: 'submit', class: 'wb-button' }, words.confirmSkip),
      quiet(words.cancel, `${id}-no`, () => {
        actions.askSkip(undefined);
      }),
    ),
  ];
}

function quiet(label: string, focus: string, click: () => void): HTMLElement {
  return button(label, click, { class: 'wb-button wb-quiet', 'data-focus': focus });
}
