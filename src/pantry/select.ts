import { EngineError } from '../engine/errors.ts';
import { didYouMean } from '../engine/dockerfile/suggest.ts';
import { canonicalName, familiarRepository, parseReference } from '../engine/oci/reference.ts';
import { ARCHITECTURES, type Family } from './recipe.ts';
import { publishedImages, resolveImage } from './resolve.ts';

/**
 * The images that some words mean: a family (`distroless`), an image of it (`distroless/static`),
 * a repository or a reference. `family/id` of each, in the recipes' order; all for no words.
 * Rejects with `pantry-no-image`.
 */
export function selectImages(
  families: readonly Family[],
  words: readonly string[],
): readonly string[] {
  const all = publishedImages(families);
  if (words.length === 0) return all;
  const names = new Map(all.map((id) => [id, namesOf(families, id)]));
  const chosen = new Set<string>();
  for (const word of words) {
    const found = all.filter((id) => {
      const known = names.get(id);
      return (
        id === word || id.startsWith(`${word}/`) || known?.has(word) || known?.has(whole(word))
      );
    });
    if (found.length === 0) {
      const meant = didYouMean(
        word,
        [...names.values()].flatMap((set) => [...set]),
        { exactCase: true },
      );
      throw new EngineError('pantry-no-image', `the pantry has no image ${word}${meant}`, {
        hint: 'See `semdistro pantry list --all` for what there is.',
      });
    }
    for (const id of found) chosen.add(id);
  }
  return all.filter((id) => chosen.has(id));
}

function whole(word: string): string {
  try {
    return canonicalName(parseReference(word));
  } catch {
    return word;
  }
}

/** Repositories as one types them, and whole references. */
function namesOf(families: readonly Family[], id: string): ReadonlySet<string> {
  const references = ARCHITECTURES.flatMap((architecture) =>
    resolveImage(families, id, architecture).flatMap((image) => image.references),
  );
  return new Set(
    references.flatMap((reference) => {
      const ref = parseReference(reference);
      return [familiarRepository(ref), canonicalName(ref)];
    }),
  );
}
