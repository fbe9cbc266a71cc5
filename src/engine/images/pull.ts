import { emitEvent } from '../containers/events.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { OciPlatform } from '../oci/image.ts';
import { platformName } from '../oci/platform.ts';
import {
  canonicalName,
  canonicalRepository,
  type ImageRef,
  familiarName,
  familiarRepository,
  parseReference,
} from '../oci/reference.ts';
import { type ImageRecord, addImage, listImages } from './catalog.ts';
import { parseManifest } from './documents.ts';
import { readDocument } from './open.ts';
import type { SourcedImage, StandIn } from './source.ts';

export interface PulledImage {
  readonly record: ImageRecord;
  /** `present`: the name already meant this very image. */
  readonly status: 'new' | 'present';
  readonly standIn?: StandIn;
}

/**
 * Registers the image that the engine's sources have for a reference. Its layers stay in the
 * source and are read from there when something needs them. Without a tag, `latest`.
 * Errors: `manifest-unknown`, `pull-denied`, `platform-missing`; their hints name what the sources do have.
 */
export async function pullImage(
  engine: Engine,
  ref: ImageRef,
  platform: OciPlatform,
): Promise<PulledImage> {
  const image = await resolveImage(engine, ref, platform);
  const manifestBytes = await readDocument(engine, image.manifest.digest);
  const configBytes = await readDocument(engine, parseManifest(manifestBytes).config.digest);
  const names = ref.digest ? [] : [canonicalName(ref)];
  const digests = [`${canonicalRepository(ref)}@${image.manifest.digest}`];
  const before = await listImages(engine);
  const present = before.some(
    (record) =>
      record.manifest.digest === image.manifest.digest &&
      names.every((name) => record.names.includes(name)) &&
      digests.every((digest) => record.digests.includes(digest)),
  );
  const record = await addImage(engine, {
    manifest: manifestBytes,
    config: configBytes,
    names,
    digests,
    ...(image.standIn && { standIn: image.standIn }),
  });
  const { labels } = record;
  emitEvent(engine, {
    ...{ type: 'image', action: 'pull', id: familiarName(ref) },
    attributes: { ...labels, name: familiarRepository(ref) },
  });
  return {
    record,
    status: present ? 'present' : 'new',
    ...(image.standIn && { standIn: image.standIn }),
  };
}

async function resolveImage(
  engine: Engine,
  ref: ImageRef,
  platform: OciPlatform,
): Promise<SourcedImage> {
  for (const source of engine.sources) {
    const found = await source.resolve(ref, platform);
    if (found) return found;
  }
  const all = (await Promise.all(engine.sources.map((source) => source.list()))).flat();
  throw unknownImage(ref, platform, all);
}

function unknownImage(
  ref: ImageRef,
  platform: OciPlatform,
  all: readonly SourcedImage[],
): EngineError {
  const wanted = canonicalName(ref);
  const name = familiarName(ref);
  const others = all.filter((image) => image.reference === wanted);
  if (others.length > 0) {
    const has = others.map((image) => platformName(image.platform)).join(', ');
    return new EngineError(
      'platform-missing',
      `no matching manifest for ${platformName(platform)} in the manifest list entries`,
      { hint: `The pantry has ${name} for ${has}: add --platform.` },
    );
  }
  const repository = canonicalRepository(ref);
  const tags = [
    ...new Set(
      all
        .map((image) => image.reference)
        .filter((reference) => reference.startsWith(`${repository}:`)),
    ),
  ];
  if (tags.length > 0) {
    return new EngineError(
      'manifest-unknown',
      `manifest for ${name} not found: manifest unknown: manifest unknown`,
      {
        hint: `The pantry has ${tags
          .sort()
          .map((tag) => familiarName(parseReference(tag)))
          .join(', ')}.`,
      },
    );
  }
  return new EngineError(
    'pull-denied',
    `pull access denied for ${familiarRepository(ref)}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
    { hint: pullHint(ref, all) },
  );
}

function pullHint(ref: ImageRef, all: readonly SourcedImage[]): string {
  if (all.length === 0) {
    return 'There are no images to pull yet: run `semdistro pantry build` first.';
  }
  const repositories = [...new Set(all.map(({ reference }) => reference.replace(/:[^:/]*$/, '')))];
  const wanted = words(lastPart(ref.path));
  const close = repositories
    .filter((repository) => alike(wanted, words(lastPart(repository))))
    .map((repository) => familiarRepository(parseReference(repository)));
  return close.length === 0
    ? 'Only the images of the pantry can be pulled here: `semdistro pantry list` shows them.'
    : `The pantry has ${close.sort().join(', ')}.`;
}

function lastPart(repository: string): string {
  return repository.slice(repository.lastIndexOf('/') + 1);
}

function words(text: string): readonly string[] {
  return text.split(/[._-]/).filter((word) => word.length > 2 && !COMMON.has(word));
}

/** Whether they share a word or its beginning: `python3` is like `python`. */
function alike(one: readonly string[], other: readonly string[]): boolean {
  return one.some((a) => other.some((b) => a.startsWith(b) || b.startsWith(a)));
}

/** Words that say nothing about what an image is. */
const COMMON = new Set(['image', 'debian13', 'debian12', 'slim']);
