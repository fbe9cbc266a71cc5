import type { Engine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/errors.ts';
import { addImage } from '../../engine/images/catalog.ts';
import { findImage } from '../../engine/images/find.ts';
import { openDocuments, openImage, readDocument } from '../../engine/images/open.ts';
import { parseManifest } from '../../engine/images/documents.ts';
import type { OpenedDocuments } from '../../engine/images/open.ts';
import { type Digest, isDigest } from '../../engine/oci/digest.ts';
import { parseReference } from '../../engine/oci/reference.ts';
import type { Image } from '../../verify/engine.ts';
import type { Session } from './session.ts';
import { untroubled } from './trouble.ts';

/** The images of an engine as checks see them. */
export interface Images {
  /** By name or ID; undefined when there is none. An image of a source is only read, and not registered. */
  find(reference: string): Promise<Image | undefined>;
  /** Of the catalog, by ID. */
  built(id: Digest): Promise<Image>;
  /** Sees to it that an image found in a source can be run. */
  register(image: Image): Promise<void>;
}

export function imagesOf(engine: Engine, session: Session): Images {
  const sourced = new Map<string, OpenedDocuments>();

  async function inSources(reference: string): Promise<Image | undefined> {
    const ref = parseReference(reference);
    for (const source of engine.sources) {
      const found = await source.resolve(ref, engine.defaultPlatform);
      if (!found) continue;
      const { digest } = found.manifest;
      const { config } = parseManifest(await readDocument(engine, digest));
      const opened = await openDocuments(engine, { id: config.digest, manifest: digest });
      sourced.set(config.digest, opened);
      return portImage(config.digest, opened);
    }
    return undefined;
  }

  async function inCatalog(reference: string): Promise<Image | undefined> {
    const record = await found(engine, reference);
    return record && portImage(record.id, await openImage(engine, record));
  }

  return {
    async find(reference) {
      try {
        const there = await inCatalog(reference);
        if (there) return there;
        return isId(reference) ? undefined : await inSources(reference);
      } catch (error) {
        if (error instanceof EngineError && error.code === 'reference-invalid') return undefined;
        throw error;
      }
    },
    async built(id) {
      return portImage(id, await openImage(engine, await findImage(engine, id)));
    },
    async register({ id }) {
      if (await found(engine, id)) return;
      const opened = sourced.get(id);
      if (!opened) throw new Error(`${id} is no image of this engine`);
      const { manifestBytes, configBytes } = opened;
      await addImage(engine, {
        ...{ manifest: manifestBytes, config: configBytes, names: [session.name()] },
      });
    },
  };
}

async function found(
  engine: Engine,
  reference: string,
): Promise<Awaited<ReturnType<typeof findImage>> | undefined> {
  try {
    return await findImage({ ...engine, sources: [] }, reference, engine.defaultPlatform);
  } catch (error) {
    const isAbsent =
      error instanceof EngineError && ['image-unknown', 'image-platform'].includes(error.code);
    if (isAbsent) return undefined;
    throw error;
  }
}

const isId = (text: string): boolean => isDigest(text) || /^[0-9a-f]{64}$/.test(text);

function portImage(id: Digest, opened: OpenedDocuments): Image {
  return {
    id,
    config: opened.config,
    size: () =>
      untroubled(async () => (await opened.layers()).reduce((sum, { size }) => sum + size, 0)),
    layers: () => untroubled(() => opened.layers()),
    files: () => untroubled(() => opened.tree()),
  };
}
