import { parseIndex } from '../images/documents.ts';
import type { ImageSource, SourcedImage, StandIn } from '../images/source.ts';
import { isObject } from '../json.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { Descriptor, OciPlatform } from '../oci/image.ts';
import { isIndex } from '../oci/media-types.ts';
import { canonicalName, type ImageRef, parseReference } from '../oci/reference.ts';
import type { BlobReader } from './port.ts';

/**
 * Images of an OCI image layout as its `index.json` lists them, wherever the layout is. Answers to
 * the references in the annotations of `ANNOTATION`; descriptors without one, or without a platform, are no
 * images to it. `readIndex` gives undefined where there is no layout (yet): an empty source. It
 * is asked again until it has answered once.
 */
export function layoutSource(layout: {
  readonly name: string;
  readonly readIndex: () => Promise<Uint8Array | undefined>;
  /** `build-cache.json` beside the index: build steps that ran elsewhere. */
  readonly readSteps?: () => Promise<Uint8Array | undefined>;
  readonly blobs: BlobReader;
}): ImageSource {
  let known: Promise<readonly SourcedImage[]> | undefined;
  const read = async (): Promise<readonly SourcedImage[]> => {
    const bytes = await layout.readIndex();
    if (bytes) return parseIndex(bytes).manifests.flatMap(sourced);
    known = undefined;
    return [];
  };
  const list = async (): Promise<readonly SourcedImage[]> => {
    known ??= read();
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
  const { readSteps } = layout;
  let steps: Promise<Readonly<Record<string, unknown>>> | undefined;
  return {
    name: layout.name,
    blobs: layout.blobs,
    list,
    ...(readSteps && {
      async step(key: string) {
        steps ??= readSteps().then(stepsOf);
        try {
          return (await steps)[key];
        } catch (error) {
          steps = undefined;
          throw error;
        }
      },
    }),
    async resolve(ref, platform) {
      return (await list()).find(
        (image) => answers(image, ref) && samePlatform(image.platform, platform),
      );
    },
  };
}

/** A document that cannot be read has no steps: they run again. */
function stepsOf(bytes: Uint8Array | undefined): Readonly<Record<string, unknown>> {
  if (!bytes) return {};
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const steps = isObject(document) ? document['steps'] : undefined;
    return isObject(steps) ? steps : {};
  } catch {
    return {};
  }
}

function sourced(manifest: Descriptor): readonly SourcedImage[] {
  const name = manifest.annotations?.[ANNOTATION.refName];
  const { platform } = manifest;
  if (name === undefined || !platform || isIndex(manifest.mediaType)) return [];
  const reference = canonicalOf(name);
  if (reference === undefined) return [];
  const standIn = standInOf(manifest.annotations ?? {});
  return [{ reference, platform, manifest, ...(standIn && { standIn }) }];
}

function canonicalOf(name: string): string | undefined {
  try {
    return canonicalName(parseReference(name));
  } catch {
    // Other tools put a bare tag there, or anything else.
    return undefined;
  }
}

function standInOf(annotations: Readonly<Record<string, string>>): StandIn | undefined {
  const standsInFor = annotations[ANNOTATION.standsInFor];
  if (standsInFor === undefined) return undefined;
  return { standsInFor, differs: sentences(annotations[ANNOTATION.differs] ?? '[]') };
}

/** A note that cannot be read must not vanish: it is shown as it is. */
function sentences(json: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(json);
    if (Array.isArray(parsed) && parsed.every((item) => typeof item === 'string')) return parsed;
  } catch {
    // Falls through.
  }
  return [json];
}

function answers(image: SourcedImage, ref: ImageRef): boolean {
  if (!ref.digest) return image.reference === canonicalName(ref);
  if (image.manifest.digest !== ref.digest) return false;
  // The digest says all; a tag beside it is not looked at, as in Docker.
  const { domain, path } = parseReference(image.reference);
  return domain === ref.domain && path === ref.path;
}

function samePlatform(has: OciPlatform, wants: OciPlatform): boolean {
  return (
    has.os === wants.os &&
    has.architecture === wants.architecture &&
    (wants.variant === undefined || has.variant === undefined || has.variant === wants.variant)
  );
}
