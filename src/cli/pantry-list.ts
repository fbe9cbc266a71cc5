import { humanSize } from '../engine/format/size.ts';
import type { PantryImage } from '../pantry/list.ts';

/** Characters of a difference in a table that is not to be cut. */
const SHORT = 72;

/** The images as a table; an empty pantry says how to fill it. */
export function listTable(
  images: readonly PantryImage[],
  { trunc }: { readonly trunc: boolean },
): string {
  if (images.length === 0) return 'The pantry is empty. Fill it: semdistro pantry build\n';
  const rows = [
    ['REFERENCE', 'PLATFORM', 'SIZE', 'LAYERS', 'STANDS IN FOR', 'DIFFERS IN'],
    ...images.map(({ reference, platform, size, layers, standsInFor, differs, manifest }) => [
      ...[
        reference,
        platform,
        ...(manifest ? [humanSize(size), String(layers)] : ['not built', '']),
      ],
      standsInFor,
      trunc ? shortened(differs) : differs.join(' '),
    ]),
  ];
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map(
      (row) =>
        row
          .map((cell, i) => cell.padEnd(widths?.[i] ?? 0))
          .join('   ')
          .trimEnd() + '\n',
    )
    .join('');
}

/** The first difference, which is the one that sets the image apart, and how many there are more. */
function shortened(differs: readonly string[]): string {
  const [first = '', ...others] = differs;
  const text = first.length > SHORT ? `${first.slice(0, SHORT - 1)}…` : first;
  return others.length > 0 ? `${text} (+${others.length})` : text;
}

export function listJson(images: readonly PantryImage[]): string {
  return `${JSON.stringify(images, null, 2)}\n`;
}
