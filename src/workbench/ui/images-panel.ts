import { type Child, fill, h, inked } from '../../dom/h.ts';
import { sizeText } from '../../picture/size.ts';
import type { ImageSide } from '../../engine/diff/model.ts';
import type { Change, ImageSummary } from '../port.ts';
import { dateIn } from './amounts.ts';
import { button } from './button.ts';
import { attempt, type Desk } from './desk.ts';
import { nameOf } from './image-name.ts';
import type { ImageView } from './image-view.ts';
import { keepingFocus } from './keep-focus.ts';

export interface ImagesPanel {
  /** The panel is in sight: what is in it must be true. */
  shown(): Promise<void>;
  changed(change: Change): void;
  openLayer(diffId: string, path?: string): Promise<void>;
}

type View =
  | { readonly kind: 'list' }
  | { readonly kind: 'image'; readonly id: string }
  | { readonly kind: 'compare'; readonly from: string; readonly to: string };

export function mountImagesPanel(
  element: HTMLElement,
  desk: Desk,
  isShown: () => boolean,
): ImagesPanel {
  const { words, lang, workbench } = desk;
  const { images } = workbench;
  const content = h('div', { class: 'wb-images-content' });
  element.append(content);
  let view: View = { kind: 'list' };
  let stale = true;
  /** Grows with every drawing, so that a slow answer does not draw over a newer one. */
  let turn = 0;

  async function show(wanted: View): Promise<void> {
    view = wanted;
    stale = false;
    const mine = ++turn;
    await attempt(desk, async () => {
      const all = (await images.list()).toSorted(newestFirst);
      if (mine !== turn) return;
      if (view.kind === 'list') drawList(all);
      else if (view.kind === 'image') await drawOne(view.id, mine);
      else await drawCompare(view, all, mine);
    });
  }

  function drawList(all: readonly ImageSummary[]): void {
    const heaviest = Math.max(...all.map(({ size }) => size), 1);
    keepingFocus(content, () => {
      fill(
        content,
        all.length === 0
          ? h('p', { class: 'wb-empty' }, ...inked(words.images.empty))
          : h(
              'ul',
              { class: 'wb-image-list' },
              ...all.map((one) => h('li', {}, row(one, heaviest))),
            ),
        all.length > 0 && compareForm(all),
      );
    });
  }

  function row(image: ImageSummary, heaviest: number): HTMLElement {
    const { id, size, created, standIn, names } = image;
    const bar = h('span', { class: 'wb-weight', 'aria-hidden': 'true' });
    bar.style.setProperty('--wb-part', String(size / heaviest));
    return h(
      'button',
      {
        ...{ type: 'button', class: 'wb-image', 'data-focus': id },
        click: () => void openImage(id),
      },
      h('code', { class: 'wb-image-name' }, nameOf(image)),
      h('span', { class: 'wb-size' }, sizeText(size, lang)),
      bar,
      h(
        'span',
        { class: 'wb-soft wb-image-about' },
        [
          names.length === 0 ? words.images.unnamed : undefined,
          created === undefined ? undefined : dateIn(lang, created),
          standIn === undefined ? undefined : words.images.standIn(standIn),
        ]
          .filter((part) => part !== undefined)
          .join(' · '),
      ),
    );
  }

  function compareForm(all: readonly ImageSummary[]): Child {
    const { compare, from, to, compareShow, compareNeedsTwo } = words.images;
    const heading = h('h3', {}, compare);
    if (all.length < 2)
      return h(
        'div',
        { class: 'wb-compare' },
        heading,
        h('p', { class: 'wb-soft' }, compareNeedsTwo),
      );
    const options = (chosen: number): readonly Child[] =>
      all.map((one, at) => h('option', { value: one.id, selected: at === chosen }, nameOf(one)));
    const left = h('select', { class: 'wb-select', 'data-focus': 'from' }, ...options(1));
    const right = h('select', { class: 'wb-select', 'data-focus': 'to' }, ...options(0));
    const said = h('p', { class: 'wb-soft', role: 'status' });
    const compareThem = (): void => {
      if (left.value === right.value) said.textContent = words.images.sameImage;
      else void show({ kind: 'compare', from: left.value, to: right.value }).then(focusBack);
    };
    return h(
      'div',
      { class: 'wb-compare' },
      heading,
      h('label', {}, from, left),
      h('label', {}, to, right),
      button(compareShow, compareThem, { 'data-focus': 'compare' }),
      said,
    );
  }

  async function openImage(id: string): Promise<void> {
    await show({ kind: 'image', id });
    focusBack();
  }

  async function drawOne(id: string, mine: number): Promise<void> {
    const [{ drawImage }, image] = await Promise.all([import('./image-view.ts'), images.open(id)]);
    if (mine !== turn) return;
    const place = h('div', {});
    drawn = { id, view: drawImage(place, image, desk) };
    fill(content, back(), h('h3', { class: 'wb-image-title' }, nameOf(image)), place);
  }

  async function drawCompare(
    { from, to }: Extract<View, { readonly kind: 'compare' }>,
    all: readonly ImageSummary[],
    mine: number,
  ): Promise<void> {
    const [{ drawDiff }, diff] = await Promise.all([
      import('./pictures.ts'),
      images.diff(from, to),
    ]);
    if (mine !== turn) return;
    const place = h('div', { class: 'wb-picture' });
    fill(content, back(), place);
    // It was asked for by ids; people know their images by names.
    const named = (side: ImageSide, id: string): ImageSide => {
      const image = all.find((one) => one.id === id);
      return image === undefined ? side : { ...side, name: nameOf(image) };
    };
    const shown = { ...diff, from: named(diff.from, from), to: named(diff.to, to) };
    drawDiff(place, shown, desk, { from, to });
  }

  let drawn: { readonly id: string; readonly view: ImageView } | undefined;

  function back(): HTMLElement {
    const goBack = (): void => {
      void show({ kind: 'list' }).then(() => {
        content.querySelector<HTMLElement>('button')?.focus();
      });
    };
    return button(`← ${words.images.all}`, goBack, {
      ...{ class: 'wb-button wb-quiet wb-back', 'data-focus': 'back' },
    });
  }

  function focusBack(): void {
    content.querySelector<HTMLElement>('.wb-back')?.focus();
  }

  /** The newest image that has a layer; what was checked is gone, but its layers are the learner's own. */
  async function imageWith(
    diffId: string,
  ): Promise<{ readonly id: string; readonly index: number } | undefined> {
    for (const { id } of (await images.list()).toSorted(newestFirst)) {
      const { layers } = await images.open(id);
      const index = layers.findIndex((layer) => layer.diffId === diffId);
      if (index >= 0) return { id, index };
    }
    return undefined;
  }

  return {
    async shown() {
      if (stale) await show(view);
      // What the next click needs; what does not come is told then.
      Promise.all([import('./image-view.ts'), import('./pictures.ts')]).catch(() => undefined);
    },
    changed({ kind }) {
      if (kind !== 'images') return;
      stale = true;
      // An image that is being looked at stays in sight, also when it is rebuilt.
      if (isShown() && view.kind === 'list') void show(view);
    },
    async openLayer(diffId, path) {
      await attempt(desk, async () => {
        const found = await imageWith(diffId);
        if (found === undefined) {
          desk.notify({ kind: 'done', text: words.check.noImage });
          return;
        }
        await show({ kind: 'image', id: found.id });
        if (drawn?.id === found.id) await drawn.view.showLayer(found.index, path);
      });
    },
  };
}

function newestFirst(a: ImageSummary, b: ImageSummary): number {
  return (b.created ?? '').localeCompare(a.created ?? '');
}
