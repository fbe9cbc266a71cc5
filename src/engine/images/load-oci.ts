import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { Descriptor, Manifest } from '../oci/image.ts';
import { isIndex } from '../oci/media-types.ts';
import { matchesPlatform, platformName } from '../oci/platform.ts';
import { canonicalName, parseReference } from '../oci/reference.ts';
import { type Archive, invalid } from './archive.ts';
import { parseConfig, parseIndex, parseManifest } from './documents.ts';
import type { FoundImage } from './found-image.ts';
import { readDocument } from './open.ts';
import type { StandIn } from './source.ts';

const MAX_DEPTH = 5;
const MAX_MANIFESTS = 1000;

/** The images of an OCI image layout. Of an index of several platforms, the one the engine runs. */
export async function imagesOfLayout(
  engine: Engine,
  archive: Archive,
  index: Uint8Array,
): Promise<readonly FoundImage[]> {
  const images = new Map<string, FoundImage>();
  for (const top of parseIndex(index).manifests) {
    const found = await manifestsBelow(engine, archive, top);
    const image = choose(engine, found);
    const names = nameOf(top);
    const standIn = standInOf(top);
    const before = images.get(image.descriptor.digest);
    // Docker writes one entry for each name of an image.
    images.set(image.descriptor.digest, {
      ...(before ?? (await readImage(engine, archive, image))),
      names: [...(before?.names ?? []), ...names],
      ...(standIn && { standIn }),
    });
  }
  if (images.size === 0) throw invalid('index.json names no image');
  return [...images.values()];
}

interface ManifestFound {
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
}

/** Every manifest an index.json leads to. Errors: `archive-invalid` for cycles and for too much nesting. */
export async function layoutManifests(
  engine: Engine,
  archive: Archive,
  index: Uint8Array,
): Promise<readonly ManifestFound[]> {
  const found: ManifestFound[] = [];
  for (const top of parseIndex(index).manifests) {
    found.push(...(await manifestsBelow(engine, archive, top)));
    if (found.length > MAX_MANIFESTS) throw invalid(`more than ${MAX_MANIFESTS} manifests`);
  }
  return found;
}

async function manifestsBelow(
  engine: Engine,
  archive: Archive,
  descriptor: Descriptor,
  above: readonly string[] = [],
): Promise<readonly ManifestFound[]> {
  if (above.includes(descriptor.digest)) throw invalid('an index contains itself');
  if (above.length >= MAX_DEPTH) throw invalid(`indexes nested deeper than ${MAX_DEPTH}`);
  // Attestations are listed as images for no platform.
  if (descriptor.platform?.os === 'unknown') return [];
  const bytes = await readDocument(engine, blobOf(archive, descriptor).digest);
  if (!isIndex(descriptor.mediaType)) {
    return [{ descriptor, manifest: parseManifest(bytes), manifestBytes: bytes }];
  }
  const found: ManifestFound[] = [];
  for (const child of parseIndex(bytes).manifests) {
    found.push(...(await manifestsBelow(engine, archive, child, [...above, descriptor.digest])));
    if (found.length > MAX_MANIFESTS) throw invalid(`more than ${MAX_MANIFESTS} manifests`);
  }
  return found;
}

function choose(engine: Engine, found: readonly ManifestFound[]): ManifestFound {
  const fits = found.find(
    ({ descriptor: { platform } }) =>
      platform !== undefined && matchesPlatform(platform, engine.defaultPlatform),
  );
  const [first] = found;
  if (fits) return fits;
  if (first && found.length === 1) return first;
  throw new EngineError(
    'platform-missing',
    `the archive has no image for ${platformName(engine.defaultPlatform)}`,
  );
}

async function readImage(
  engine: Engine,
  archive: Archive,
  { manifest, manifestBytes }: ManifestFound,
): Promise<FoundImage> {
  for (const layer of manifest.layers) blobOf(archive, layer);
  const configBytes = await readDocument(engine, blobOf(archive, manifest.config).digest);
  return { manifest, manifestBytes, config: parseConfig(configBytes), configBytes, names: [] };
}

function blobOf(archive: Archive, { digest, size }: Descriptor): Descriptor {
  const member = archive.member(`blobs/${digest.replace(':', '/')}`);
  if (member.size !== size) {
    throw invalid(`blob ${digest} has ${member.size} bytes, its descriptor says ${size}`);
  }
  return { mediaType: '', ...member };
}

/** The specification's own annotation may be a bare tag, which names nothing. */
function nameOf({ annotations = {} }: Descriptor): readonly string[] {
  const name = annotations[ANNOTATION.containerdName] ?? annotations[ANNOTATION.refName];
  if (name === undefined || !/[/:]/.test(name)) return [];
  const ref = parseReference(name);
  return ref.digest ? [] : [canonicalName(ref)];
}

function standInOf({ annotations = {} }: Descriptor): StandIn | undefined {
  const standsInFor = annotations[ANNOTATION.standsInFor];
  if (standsInFor === undefined) return undefined;
  let differs: unknown;
  try {
    differs = JSON.parse(annotations[ANNOTATION.differs] ?? '[]');
  } catch {
    throw invalid(`${ANNOTATION.differs} is not valid JSON`);
  }
  const sentences = Array.isArray(differs)
    ? differs.filter((item) => typeof item === 'string')
    : [];
  return { standsInFor, differs: sentences };
}
