import { utf8 } from '../bytes.ts';
import { compressionOf, MAGIC_LENGTH } from '../compression.ts';
import type { Engine } from '../engine.ts';
import { type Digest } from '../oci/digest.ts';
import type { Descriptor, Manifest } from '../oci/image.ts';
import { MEDIA } from '../oci/media-types.ts';
import { canonicalName, parseReference } from '../oci/reference.ts';
import { openBlob } from '../store/layered.ts';
import { type Archive, invalid } from './archive.ts';
import { parseConfig, parseManifest } from './documents.ts';
import { type Where, asArray, asObject, asString, asStrings, optional } from '../json.ts';
import type { FoundImage } from './found-image.ts';
import { layoutManifests } from './load-oci.ts';
import { readDocument } from './open.ts';

const WHERE: Where = { code: 'archive-invalid', name: 'manifest.json' };
const MAX_IMAGES = 1000;

/**
 * The images of `docker save`'s manifest.json, of any Docker since 1.10. Where the archive has an
 * index.json too (Docker 25 and later), the image keeps the manifest it has there, and so its digest.
 */
export async function imagesOfDockerArchive(
  engine: Engine,
  archive: Archive,
  document: Uint8Array,
  index: Uint8Array | undefined,
): Promise<readonly FoundImage[]> {
  const items = parseArray(document);
  if (items.length > MAX_IMAGES) throw invalid(`more than ${MAX_IMAGES} images`);
  const known = index ? await layoutManifests(engine, archive, index) : [];
  const found: FoundImage[] = [];
  for (const item of items) found.push(await readItem(engine, archive, item, known));
  return found;
}

interface KnownManifest {
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
}

async function readItem(
  engine: Engine,
  archive: Archive,
  item: unknown,
  known: readonly KnownManifest[],
): Promise<FoundImage> {
  const raw = asObject(item, WHERE, 'an image');
  const config = archive.member(asString(raw['Config'], WHERE, 'Config'));
  const layers = (optional(raw['Layers'], WHERE, 'Layers', asStrings) ?? []).map((path) =>
    archive.member(path),
  );
  const tags = optional(raw['RepoTags'], WHERE, 'RepoTags', asStrings) ?? [];
  const configBytes = await readDocument(engine, config.digest);
  const same = known.find(
    ({ manifest }) =>
      manifest.config.digest === config.digest &&
      manifest.layers.length === layers.length &&
      manifest.layers.every(({ digest }, at) => digest === layers[at]?.digest),
  );
  const manifestBytes = same?.manifestBytes ?? (await newManifest(engine, config, layers));
  return {
    manifest: parseManifest(manifestBytes),
    manifestBytes,
    config: parseConfig(configBytes),
    configBytes,
    names: tags.map(readTag),
  };
}

/** The manifest Docker 26 itself writes for such an image, byte for byte. */
async function newManifest(
  engine: Engine,
  config: { readonly digest: Digest; readonly size: number },
  layers: readonly { readonly digest: Digest; readonly size: number }[],
): Promise<Uint8Array> {
  const descriptors: Descriptor[] = [];
  for (const { digest, size } of layers) {
    const head = await (await openBlob(engine, digest)).read(0, MAGIC_LENGTH);
    const gzip = compressionOf(head) === 'gzip';
    descriptors.push({ mediaType: gzip ? MEDIA.ociLayerGzip : MEDIA.ociLayer, digest, size });
  }
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MEDIA.ociManifest,
    config: { mediaType: MEDIA.ociConfig, digest: config.digest, size: config.size },
    layers: descriptors,
  };
  return utf8(JSON.stringify(manifest));
}

function readTag(tag: string): string {
  const ref = parseReference(tag);
  if (ref.tag === undefined || ref.digest) throw invalid(`invalid tag ${JSON.stringify(tag)}`);
  return canonicalName(ref);
}

function parseArray(bytes: Uint8Array): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalid('manifest.json is not valid JSON');
  }
  return asArray(value, WHERE, 'it');
}
