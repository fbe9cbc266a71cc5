import { enhanceHistoryDiff } from '../../picture/client.ts';
import type { Desk } from './desk.ts';

/** Makes a history diff of two images lively: arrow keys, export, and the files behind its rows. */
export function enhanceDiff(
  place: HTMLElement,
  { workbench }: Pick<Desk, 'workbench'>,
  sides: { readonly from: string; readonly to: string },
): void {
  const figure = place.querySelector<HTMLElement>('.history-diff');
  if (figure === null) return;
  enhanceHistoryDiff(figure, {
    async loadFiles(side, layer) {
      const files = await workbench.images.files(sides[side], '/', layer);
      return files.filter(({ type }) => type === 'file' || type === 'hardlink');
    },
  });
}
