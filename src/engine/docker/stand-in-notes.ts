import type { ImageRecord } from '../images/record.ts';
import type { StandIn } from '../images/source.ts';
import { familiarName, parseReference } from '../oci/reference.ts';

/** One line for each image in the list that is not what its name says, with how it differs. */
export function standInNotes(images: readonly ImageRecord[]): readonly string[] {
  return images.flatMap(({ standIn, names }) => {
    const [name] = names;
    if (!standIn || standIn.differs.length === 0 || name === undefined) return [];
    return [`${familiarName(parseReference(name))} ${isStandIn(standIn)}: ${sentences(standIn)}`];
  });
}

/** What is said on every pull, whether it differs or not. */
export function pullNote(name: string, standIn: StandIn): string {
  const differs = standIn.differs.length === 0 ? '' : ` ${sentences(standIn)}`;
  return `Note: ${name} ${isStandIn(standIn)}, built from Debian packages.${differs}`;
}

function isStandIn({ standsInFor }: StandIn): string {
  return `is a stand-in for ${standsInFor}`;
}

function sentences({ differs }: StandIn): string {
  return differs.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join(' ');
}
