import { type Child, fill, fromHtml, h } from '../../dom/h.ts';
import {
  historyTableHtml,
  layerStackHtml,
  listingFromImage,
  stackOfImage,
} from '../../picture/index.ts';
import { sizeText } from '../../picture/size.ts';
import type { ImageDetail } from '../port.ts';
import { dateIn } from './amounts.ts';
import type { Desk } from './desk.ts';
import { shortCommand } from './evidence.ts';
import { drawFileTree, type FileTree } from './file-tree.ts';
import { asTrouble } from './trouble.ts';

export interface ImageView {
  /** Shows the files of a layer, and in it a path. */
  readonly showLayer: (index: number, path?: string) => Promise<void>;
}

/** Draws one image: its layers as a stack, what is in it, how it was made, how it starts. */
export function drawImage(element: HTMLElement, image: ImageDetail, desk: Desk): ImageView {
  const { words, lang } = desk;
  const files = filesSection(image, desk);
  element.append(
    factsOf(image, desk),
    h(
      'div',
      { class: 'wb-picture' },
      fromHtml(layerStackHtml(stackOfImage(image), { lang, id: 'wb-stack' })),
    ),
    files.element,
    section(
      words.images.history,
      fromHtml(historyTableHtml(listingFromImage(image), { lang, id: 'wb-history' })),
    ),
    section(words.images.config, configList(image.config)),
    section(words.images.packages(image.packages.length), packageTable(image, desk)),
  );
  return { showLayer: files.showLayer };
}

function factsOf(image: ImageDetail, { words, lang }: Desk): HTMLElement {
  const { platform, created, standIn, names } = image;
  return h(
    'ul',
    { class: 'wb-facts' },
    h('li', {}, platform),
    created !== undefined && h('li', {}, words.images.created(dateIn(lang, created))),
    standIn !== undefined && h('li', {}, words.images.standIn(standIn)),
    ...names.slice(1).map((name) => h('li', {}, h('code', {}, name))),
  );
}

function section(title: string, ...children: readonly Child[]): HTMLDetailsElement {
  return h('details', { class: 'wb-section' }, h('summary', {}, title), ...children);
}

function filesSection(
  image: ImageDetail,
  desk: Desk,
): { readonly element: HTMLElement } & ImageView {
  const { words, lang, workbench } = desk;
  const choice = h(
    'select',
    { 'aria-label': words.images.files, class: 'wb-select' },
    h('option', { value: '' }, words.images.allFiles),
    ...image.layers
      .map(({ createdBy, size }, at) => {
        const label = `${words.images.layer(at + 1)}: ${shortCommand(createdBy, 40)} (${sizeText(size, lang)})`;
        return h('option', { value: at }, label);
      })
      .toReversed(),
  );
  const place = h('div', { class: 'wb-files' });
  const element = section(words.images.files, h('p', {}, choice), place);
  let tree: Promise<FileTree | undefined> | undefined;

  async function draw(): Promise<FileTree | undefined> {
    const layer = choice.value === '' ? undefined : Number(choice.value);
    fill(place, h('p', { class: 'wb-soft' }, words.images.loading));
    try {
      const files = await workbench.images.files(image.id, '/', layer);
      return drawFileTree(place, { lang, words, files });
    } catch (thrown) {
      fill(place);
      desk.notify({ kind: 'trouble', error: asTrouble(thrown) });
      return undefined;
    }
  }
  choice.addEventListener('change', () => {
    tree = draw();
  });
  element.addEventListener('toggle', () => {
    if (element.open) tree ??= draw();
  });
  return {
    element,
    async showLayer(index, path) {
      choice.value = String(index);
      tree = draw();
      element.open = true;
      const drawn = await tree;
      element.scrollIntoView({ block: 'nearest' });
      if (path === undefined) choice.focus();
      else drawn?.reveal(path);
    },
  };
}

function configList(config: ImageDetail['config']): HTMLElement {
  const entries = Object.entries(config).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return h(
    'dl',
    { class: 'wb-config' },
    ...entries.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, ...valueLines(value))]),
  );
}

/** A list of texts a line each, anything else as `docker inspect` prints it. */
function valueLines(value: unknown): readonly Child[] {
  return linesOf(value).map((line) => h('code', {}, line));
}

function linesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  // Environment and labels; a command keeps its brackets, since they tell the exec form.
  if (isTexts(value) && value.some((one) => one.includes('='))) return value;
  return [JSON.stringify(value)];
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function packageTable({ packages }: ImageDetail, { words }: Desk): HTMLElement {
  if (packages.length === 0) return h('p', { class: 'wb-soft' }, words.images.noPackages);
  return h(
    'ul',
    { class: 'wb-packages' },
    ...packages.map(({ name, version }) =>
      h('li', {}, h('code', {}, name), ' ', h('span', { class: 'wb-soft' }, version)),
    ),
  );
}
