import type { OpenedImage } from '../images/open.ts';
import type { AlignedRow } from './history.ts';

/** The history of an image, oldest first, each row with its layer and its Dockerfile line. */
export function historyRows({ config, record }: OpenedImage): readonly AlignedRow[] {
  let next = 0;
  const rows: AlignedRow[] = config.history.map((entry, index) => {
    const line = record.lines?.[index];
    const row = {
      createdBy: entry.created_by ?? '',
      comment: entry.comment ?? '',
      size: 0,
      ...(typeof line === 'number' && { line }),
    };
    const diffId = config.rootfs.diff_ids[next];
    if (entry.empty_layer || diffId === undefined) return { row };
    const layer = next++;
    return { row: { ...row, layer, size: record.layerSizes[layer] ?? 0 }, diffId };
  });
  // A history may say less than there are layers (`docker import` and old tools): they get rows of their own.
  for (const [layer, diffId] of config.rootfs.diff_ids.entries()) {
    if (layer < next) continue;
    const size = record.layerSizes[layer] ?? 0;
    rows.push({ row: { createdBy: '', comment: '', size, layer }, diffId });
  }
  return rows;
}
