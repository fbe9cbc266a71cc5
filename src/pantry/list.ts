import { ANNOTATION } from '../engine/oci/annotations.ts';
import type { Digest } from '../engine/oci/digest.ts';
import { parseManifest } from '../engine/images/documents.ts';
import { familiarName, parseReference } from '../engine/oci/reference.ts';
import { openLayout, UNPACKED_SIZE } from './layout.ts';
import type { Family, OciArchitecture } from './recipe.ts';
import { publishedImages, resolveImage } from './resolve.ts';

/** One reference on one platform that the pantry answers to. */
export interface PantryImage {
  /** As one types it: `busybox:1.37`. */
  readonly reference: string;
  /** `linux/386`. */
  readonly platform: string;
  /** Bytes of all files: what `docker images` shows. */
  readonly size: number;
  /** Bytes of all layers, compressed. */
  readonly compressed: number;
  readonly layers: number;
  /** '' for an image that only the machine uses. */
  readonly standsInFor: string;
  /** One sentence each; what sets this image apart comes first. */
  readonly differs: readonly string[];
  /** Undefined when there is a recipe and the image is not built; sizes and layers are 0 then. */
  readonly manifest: Digest | undefined;
}

/** The images of a layout that stand in for others, by reference and platform. */
export async function listPantry(directory: string): Promise<readonly PantryImage[]> {
  return (await listLayout(directory)).filter(({ standsInFor }) => standsInFor !== '');
}

async function listLayout(directory: string): Promise<readonly PantryImage[]> {
  const layout = openLayout(directory);
  const manifests = await layout.manifests();
  const layersOf = new Map<Digest, { readonly layers: number; readonly compressed: number }>();
  for (const { digest } of manifests) {
    if (layersOf.has(digest)) continue;
    const { layers } = parseManifest(await layout.read(digest));
    const compressed = layers.reduce((sum, layer) => sum + layer.size, 0);
    layersOf.set(digest, { layers: layers.length, compressed });
  }
  return manifests
    .map(({ digest, annotations = {}, platform }) => ({
      reference: familiarName(parseReference(annotations[ANNOTATION.refName] ?? '')),
      platform: `${platform?.os ?? ''}/${platform?.architecture ?? ''}`,
      size: Number(annotations[UNPACKED_SIZE] ?? 0),
      ...(layersOf.get(digest) ?? { layers: 0, compressed: 0 }),
      standsInFor: annotations[ANNOTATION.standsInFor] ?? '',
      differs: sentences(annotations[ANNOTATION.differs]),
      manifest: digest,
    }))
    .sort(byName);
}

/** All images, the machine's own among them, with what the recipes could build beside it. */
export async function listRecipes(
  directory: string,
  recipes: readonly Family[],
  architectures: readonly OciArchitecture[],
): Promise<readonly PantryImage[]> {
  const built = await listLayout(directory);
  const known = new Set(built.map(({ reference, platform }) => `${reference} ${platform}`));
  const all = publishedImages(recipes).flatMap((id) =>
    architectures.flatMap((architecture) =>
      resolveImage(recipes, id, architecture).flatMap((image) =>
        image.references.map((reference) => ({
          reference: familiarName(parseReference(reference)),
          platform: `linux/${architecture}`,
          ...{ size: 0, compressed: 0, layers: 0 },
          standsInFor: image.family.audience === 'people' ? reference : '',
          differs: image.differs,
          manifest: undefined,
        })),
      ),
    ),
  );
  const missing = all.filter(({ reference, platform }) => !known.has(`${reference} ${platform}`));
  return [...built, ...missing].sort(byName);
}

function byName(a: PantryImage, b: PantryImage): number {
  return compare(a.reference, b.reference) || compare(a.platform, b.platform);
}

function sentences(json: string | undefined): readonly string[] {
  const parsed: unknown = JSON.parse(json ?? '[]');
  return Array.isArray(parsed) ? parsed.filter((item) => typeof item === 'string') : [];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
