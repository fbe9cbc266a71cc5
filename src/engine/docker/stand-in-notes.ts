import type { ImageRecord } from '../images/record.ts';
import type { StandIn } from '../images/source.ts';
import { familiarName, parseReference } from '../oci/reference.ts';

/**
 * What a list says below itself of the images in it that are not what their names say: one line
 * for each way of being different. The first sentence of an image is what sets it apart most.
 */
export function standInNotes(images: readonly ImageRecord[]): readonly string[] {
  const byDifference = new Map<string, string[]>();
  for (const { standIn, names } of images) {
    const [difference] = standIn?.differs ?? [];
    const [name] = names;
    if (difference === undefined || name === undefined) continue;
    const same = byDifference.get(difference) ?? [];
    byDifference.set(difference, [...same, familiarName(parseReference(name))]);
  }
  return [...byDifference].map(([difference, [first = '', ...others]]) =>
    others.length === 0
      ? `${first} is a stand-in: ${sentence(difference)}`
      : `${[first, ...others].join(', ')} are stand-ins: ${sentence(difference)}`,
  );
}

/** What is said on every pull: that it is one, of what, and all that is different. */
export function pullNote(name: string, { standsInFor, differs }: StandIn): string {
  const of = name === standsInFor ? 'the upstream image' : standsInFor;
  return [
    `Note: ${name} is a stand-in for ${of}, built from Debian packages.`,
    ...differs.map((difference) => `  - ${sentence(difference)}`),
    '',
  ].join('\n');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
