import { enhanceHistoryDiff } from '../../picture/client.ts';
import { diffImages, historyDiffHtml } from '../../picture/index.ts';
import type { Desk } from './desk.ts';
import { fromHtml } from '../../dom/h.ts';

/** Draws two images side by side, with arrow keys, export, and the files behind the rows. */
export function drawDiff(
  place: HTMLElement,
  diff: Parameters<typeof diffImages>[0],
  { workbench, lang }: Pick<Desk, 'workbench' | 'lang'>,
  sides: { readonly from: string; readonly to: string },
): void {
  place.append(fromHtml(historyDiffHtml(diffImages(diff), { lang, id: 'wb-diff' })));
  const figure = place.querySelector<HTMLElement>('.history-diff');
  if (figure === null) return;
  enhanceHistoryDiff(figure, {
    async loadFiles(side, layer) {
      const files = await workbench.images.files(sides[side], '/', layer);
      return files.filter(({ type }) => type === 'file' || type === 'hardlink');
    },
  });
}
