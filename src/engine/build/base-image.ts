import type { Engine } from '../engine.ts';
import { EngineError, reworded } from '../errors.ts';
import { findImage } from '../images/find.ts';
import { openImage, type OpenedImage } from '../images/open.ts';
import { pullImage } from '../images/pull.ts';
import type { StandIn } from '../images/source.ts';
import type { OciPlatform } from '../oci/image.ts';
import { platformName } from '../oci/platform.ts';
import { canonicalName, parseReference } from '../oci/reference.ts';

/** An image a build starts from or copies from. */
export interface BaseImage {
  /** `docker.io/library/busybox:1.37`, as progress shows it. */
  readonly name: string;
  readonly image: OpenedImage;
  readonly standIn: StandIn | undefined;
}

/** The name progress shows and by which the same image is the same. Errors: as Docker words a bad FROM. */
export function baseName(reference: string): string {
  try {
    return canonicalName(parseReference(reference));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const what = `failed to parse stage name ${JSON.stringify(reference)}`;
    throw reworded(error, `${what}: ${error.message}`);
  }
}

/** From the store when it is there for the platform, else (or with `pull`) from the engine's sources. */
export async function openBase(
  engine: Engine,
  reference: string,
  platform: OciPlatform,
  pull: boolean,
): Promise<BaseImage> {
  const name = baseName(reference);
  const stored = pull ? undefined : await inStore(engine, name, platform);
  if (stored) return { name, image: await openImage(engine, stored), standIn: stored.standIn };
  try {
    const { record, standIn } = await pullImage(engine, parseReference(reference), platform);
    return { name, image: await openImage(engine, record), standIn };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const what = `${reference}: failed to resolve source metadata for ${name}`;
    throw reworded(error, `${what}: ${inBuildKitsWords(error, name)}`);
  }
}

/** Of what `docker pull` is told by its daemon, BuildKit says less. Only Docker Hub hides what there is. */
function inBuildKitsWords({ code, message }: EngineError, name: string): string {
  if (code === 'pull-denied' && name.startsWith('docker.io/')) {
    return 'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed';
  }
  return code === 'pull-denied' || code === 'manifest-unknown' ? `${name}: not found` : message;
}

async function inStore(engine: Engine, name: string, platform: OciPlatform) {
  try {
    return await findImage(engine, name, platform);
  } catch (error) {
    const isElsewhere =
      error instanceof EngineError &&
      (error.code === 'image-unknown' || error.code === 'image-platform');
    if (isElsewhere) return undefined;
    throw error;
  }
}

export function baseKey(name: string, platform: OciPlatform): string {
  return `${name} ${platformName(platform)}`;
}
