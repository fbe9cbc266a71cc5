/** The id of a heading: `O que as pessoas erram` is `o-que-as-pessoas-erram`. Accents go, so that links can be read aloud. */
export function anchorOf(heading: string): string {
  const plain = heading.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
}
