import type { Engine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/errors.ts';
import { parseManifest } from '../../engine/images/documents.ts';
import { openDocuments, readDocument } from '../../engine/images/open.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import { parseReference } from '../../engine/oci/reference.ts';

/**
 * The files of the guest's own programs, an image of the engine's sources that no catalog has. Only
 * tables are read; contents come when they are. Rejects with EngineError `machine-guest-missing`.
 */
export async function guestPrograms(engine: Engine, name: string): Promise<FileTree> {
  const reference = parseReference(name);
  for (const source of engine.sources) {
    const image = await source.resolve(reference, engine.defaultPlatform);
    if (!image) continue;
    const { digest } = image.manifest;
    const { config } = parseManifest(await readDocument(engine, digest));
    return (await openDocuments(engine, { id: config.digest, manifest: digest })).tree();
  }
  throw new EngineError(
    'machine-guest-missing',
    `the programs of the machine (${name}) are not among the site's images`,
  );
}
