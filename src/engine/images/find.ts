import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { hexOf } from '../oci/digest.ts';
import type { OciPlatform } from '../oci/image.ts';
import { matchesPlatform, platformName } from '../oci/platform.ts';
import {
  canonicalName,
  canonicalRepository,
  familiarName,
  parseReference,
} from '../oci/reference.ts';
import { type ImageRecord, parseIndexRecord } from './record.ts';

/**
 * The image that a name, `repository@digest`, ID or unique prefix of an ID means; a name wins over
 * an ID. Errors: `image-unknown` (message `No such image: …`), `image-ambiguous`,
 * `reference-invalid`, and `image-platform` when it is there for another platform.
 */
export async function findImage(
  engine: Engine,
  text: string,
  platform?: OciPlatform,
): Promise<ImageRecord> {
  const images = parseIndexRecord(await engine.store.records.get('images', 'index'));
  const image = await pickOrHint(engine, images, text);
  if (platform && !matchesPlatform(image.platform, platform)) {
    throw new EngineError(
      'image-platform',
      `image with reference ${text} was found but does not match the specified platform: ` +
        `wanted ${platformName(platform)}, actual: ${platformName(image.platform)}`,
    );
  }
  return image;
}

/** That an image could be pulled is worth saying where it is missing. */
async function pickOrHint(
  engine: Engine,
  images: readonly ImageRecord[],
  text: string,
): Promise<ImageRecord> {
  try {
    return pickImage(images, text);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'image-unknown' || isWholeId(text)) {
      throw error;
    }
    const ref = parseReference(text);
    for (const source of engine.sources) {
      if (!(await source.resolve(ref, engine.defaultPlatform))) continue;
      const hint = `The pantry has it: docker pull ${text}`;
      throw new EngineError(error.code, error.message, { hint, cause: error });
    }
    throw error;
  }
}

/** `findImage` in a list already read. */
export function pickImage(images: readonly ImageRecord[], text: string): ImageRecord {
  const named = isWholeId(text) ? undefined : byName(images, text);
  if (named) return named;
  const prefix = text.startsWith('sha256:') ? text.slice('sha256:'.length) : text;
  const matches = /^[0-9a-f]+$/.test(prefix)
    ? images.filter(({ id }) => hexOf(id).startsWith(prefix))
    : [];
  const [only] = matches;
  if (only && matches.length === 1) return only;
  const message = `No such image: ${isWholeId(text) ? text : familiarName(parseReference(text))}`;
  if (matches.length === 0) throw new EngineError('image-unknown', message);
  throw new EngineError('image-ambiguous', message, {
    hint: `${matches.length} images have an ID that begins with "${prefix}": write more of it.`,
  });
}

function isWholeId(text: string): boolean {
  return /^(?:sha256:)?[0-9a-f]{64}$/.test(text);
}

function byName(images: readonly ImageRecord[], text: string): ImageRecord | undefined {
  const ref = parseReference(text);
  const name = canonicalName(ref);
  if (!ref.digest) return images.find(({ names }) => names.includes(name));
  const pinned = `${canonicalRepository(ref)}@${ref.digest}`;
  return images.find(({ digests }) => digests.includes(pinned));
}
