import { type Child, fill, h, inked } from '../../dom/h.ts';
import type { CheckResult } from '../../verify/check.ts';
import { secondsIn } from './amounts.ts';
import { button } from './button.ts';
import type { CheckItem } from './check-state.ts';
import type { Desk } from './desk.ts';
import { type Place, placesOf } from './evidence.ts';
import { harmless } from './harmless.ts';
import { type HintsGiven, shownHints } from './hints.ts';

/** From here on a check says how long it took. */
const SLOW = 2;
/** What a program printed in more lines than these is in a box of its own. */
const MOST_LINES = 6;

export interface ItemActions {
  readonly given: HintsGiven;
  giveHint(check: string): void;
}

/** Draws a check into its list item: what should be, what is, where, and the hints asked for. */
export function drawItem(
  element: HTMLElement,
  item: CheckItem,
  desk: Desk,
  actions: ItemActions,
): void {
  const { words, lang } = desk;
  const { status, title, result, old } = item;
  element.dataset['status'] = status;
  element.toggleAttribute('data-old', old);
  const slow = result && result.seconds >= SLOW && status !== 'skip' && !old;
  fill(
    element,
    h('span', { class: 'wb-sign', 'aria-hidden': 'true' }),
    h(
      'div',
      { class: 'wb-check-body' },
      h(
        'h3',
        { class: 'wb-check-title' },
        ...inked(title[lang]),
        ' ',
        h('span', { class: 'wb-check-status' }, words.check.status[status]),
        slow && h('span', { class: 'wb-check-status' }, secondsIn(lang, result.seconds)),
      ),
      ...(result ? findings(result, desk) : []),
      ...(result?.status === 'fail' ? hintElements(result, desk, actions) : []),
    ),
  );
}

/** What should be, what is, and where; of what passed or was skipped only what was seen. */
export function findings(result: CheckResult, desk: Desk): readonly Child[] {
  const { words, lang } = desk;
  const { status, expected, found, where, advice } = result;
  const { labels } = words.check;
  if (status === 'skip') return [found && h('p', { class: 'wb-soft' }, ...inked(found[lang]))];
  if (status === 'pass') return [found && h('p', { class: 'wb-soft' }, ...inked(found[lang]))];
  const places = where ? placesOf(where, words) : [];
  const isBroken = status === 'broken';
  return [
    isBroken && h('p', {}, words.check.notYours),
    h(
      'dl',
      { class: 'wb-findings' },
      ...row(labels.expected, isBroken ? undefined : expected?.[lang]),
      ...row(isBroken ? labels.why : labels.found, found?.[lang]),
      ...row(labels.advice, isBroken ? advice?.[lang] : undefined),
      ...(places.length === 0 ? [] : [h('dt', {}, labels.where), placeList(places, result, desk)]),
    ),
  ];
}

function row(label: string, text: string | undefined): readonly Child[] {
  if (text === undefined) return [];
  const shown = harmless(text).trimEnd();
  const isLong = shown.split('\n').length > MOST_LINES;
  return [
    h('dt', {}, label),
    h(
      'dd',
      {},
      isLong
        ? h('div', { class: 'wb-printed', tabindex: 0, role: 'group', 'aria-label': label }, shown)
        : h('span', { class: 'wb-said' }, ...inked(shown)),
    ),
  ];
}

function placeList(places: readonly Place[], { id }: CheckResult, desk: Desk): HTMLElement {
  return h(
    'dd',
    {},
    h(
      'ul',
      { class: 'wb-places' },
      ...places.map((place, at) => h('li', {}, placeButton(place, `${id}-place-${at}`, desk))),
    ),
  );
}

function placeButton(place: Place, focus: string, desk: Desk): HTMLElement {
  const { openLine, openLayer } = desk.words.check;
  const element = h(
    'button',
    {
      ...{ type: 'button', class: 'wb-place', 'data-kind': place.kind, 'data-focus': focus },
      click: () => {
        openPlace(place, desk);
      },
    },
    place.text,
    h('span', { class: 'wb-unseen' }, `: ${place.kind === 'line' ? openLine : openLayer}`),
  );
  // A path alone is in no layer that could be shown.
  element.disabled = place.kind === 'path' && place.diffId === undefined;
  return element;
}

function openPlace(place: Place, desk: Desk): void {
  if (place.kind === 'line') desk.openFile(place.file, place.line);
  else if (place.kind === 'layer') desk.openLayer(place.diffId);
  else if (place.diffId !== undefined) desk.openLayer(place.diffId, place.path);
}

/** The hints that were asked for, and the button that asks for one more. */
export function hintElements(
  result: CheckResult,
  desk: Desk,
  actions: ItemActions,
): readonly Child[] {
  const { words, lang, lab } = desk;
  const { shown, left, of } = shownHints(lab?.hints ?? [], result, actions.given);
  if (of === 0) return [];
  const label = shown.length === 0 ? words.hint.first : words.hint.another;
  return [
    h(
      'ol',
      { class: 'wb-hints' },
      ...shown.map(({ text }, at) =>
        h(
          'li',
          { tabindex: -1, 'data-focus': `${result.id}-hint-${at}` },
          h('strong', {}, words.hint.head(at + 1, of)),
          ' ',
          ...inked(text[lang]),
        ),
      ),
    ),
    left > 0
      ? button(
          label,
          () => {
            actions.giveHint(result.id);
          },
          { class: 'wb-button wb-quiet', 'data-focus': `${result.id}-hint` },
        )
      : // Hint 1 of 1 has said so.
        of > 1 && h('p', { class: 'wb-soft' }, words.hint.last),
  ];
}
