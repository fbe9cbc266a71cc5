import { pullNote } from '../engine/docker/stand-in-notes.ts';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/errors.ts';
import { findImage } from '../engine/images/find.ts';
import { pullImage } from '../engine/images/pull.ts';
import { familiarName, parseReference } from '../engine/oci/reference.ts';
import type { Output } from './output.ts';

/**
 * Pulls the images that are not in the store yet, as `docker run` would; what stands in for an
 * upstream image is said. Errors: those of `findImage` when a name is nowhere to be had.
 */
export async function pullMissing(
  engine: Engine,
  names: readonly string[],
  { stderr }: Pick<Output, 'stderr'>,
): Promise<void> {
  for (const name of names) {
    try {
      await findImage(engine, name);
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'image-unknown') throw error;
      const ref = parseReference(name);
      const pulled = await pullImage(engine, ref, engine.defaultPlatform).catch((why: unknown) => {
        throw why instanceof EngineError ? unknown(error, why) : why;
      });
      if (pulled.standIn) stderr.write(pullNote(familiarName(ref), pulled.standIn));
    }
  }
}

/** Not in the store is the news; what the sources say of it is the help. */
function unknown(error: EngineError, why: EngineError): EngineError {
  return new EngineError(error.code, error.message, {
    exitCode: error.exitCode,
    cause: why,
    ...(why.hint !== undefined && { hint: why.hint }),
  });
}
