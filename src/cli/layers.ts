import { describeLayers, type LayerReport } from '../engine/diff/layers.ts';
import { humanSize } from '../engine/format/size.ts';
import { findImage } from '../engine/images/find.ts';
import { openImage } from '../engine/images/open.ts';
import { openEngine } from './engine-home.ts';
import { parseImageArguments } from './image-arguments.ts';
import type { Output } from './output.ts';
import { pullMissing } from './ready-images.ts';

export const layersHelp = `Usage:  semdistro layers [OPTIONS] IMAGE

What each layer of an image adds, oldest first, and the instruction that made it.

Options:
      --json   Every layer with every file as JSON, sizes in bytes
      --all    Every file; without it, the largest five of each layer

Examples:
  semdistro layers app:1.0
  semdistro layers --json gcr.io/distroless/static-debian13 | jq '.[].size'
`;

/** `semdistro layers IMAGE`. */
export async function layers(args: readonly string[], output: Output): Promise<number> {
  const parsed = parseImageArguments('layers', args, { images: 1, help: layersHelp }, output);
  if (typeof parsed === 'number') return parsed;
  const engine = await openEngine();
  await pullMissing(engine, parsed.images, output);
  const image = await openImage(engine, await findImage(engine, parsed.images[0] ?? ''));
  const reports = await describeLayers(image);
  output.stdout.write(
    parsed.json
      ? `${JSON.stringify(reports, undefined, 2)}\n`
      : reports.map((report) => render(report, parsed.all)).join('\n'),
  );
  return 0;
}

const MOST = 5;

/** One layer as text. */
export function render(report: LayerReport, all: boolean): string {
  const { index, diffId, size, createdBy, line, files, hidden } = report;
  const where = line === undefined ? '' : `  (line ${line})`;
  const named = files.filter(({ type }) => type !== 'dir');
  const shown = all ? files : named.toSorted((a, b) => b.size - a.size).slice(0, MOST);
  const rest = files.length - shown.length;
  const wasted = hidden.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    `${String(index + 1).padStart(3)}  ${humanSize(size).padStart(7)}  ${diffId.slice(7, 19)}  ${createdBy.replace(/\s+/g, ' ')}${where}`,
    ...shown.map(
      (one) => `     ${humanSize(one.size).padStart(7)}  ${SIGN[one.change]} /${one.path}`,
    ),
    ...(rest > 0 ? [`              … and ${rest} more`] : []),
    ...(wasted > 0 ? [`              ${humanSize(wasted)} of it hidden by later layers`] : []),
    '',
  ].join('\n');
}

const SIGN = { added: '+', changed: '~', removed: '-', emptied: '-' } as const;
