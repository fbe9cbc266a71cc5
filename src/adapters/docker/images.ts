import { emptyTree } from '../../engine/layer/file-tree.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import { canonicalRepository, parseReference } from '../../engine/oci/reference.ts';
import { EngineError } from '../../engine/errors.ts';
import type { Image } from '../../verify/engine.ts';
import type { Connection } from './connect.ts';
import { historySchema, imageConfig, inspectSchema, type Inspected } from './image-config.ts';
import { jsonLines } from './json-lines.ts';
import { postStream } from './post-stream.ts';
import type { SavedLayers } from './saved-layers.ts';
import { apiError, asTrouble, troubleFrom, troubleOf } from './trouble.ts';
import { z } from 'zod';

export interface ImageReader {
  /** By name or ID; undefined when there is none. Errors: EngineTrouble. */
  find(reference: string): Promise<Image | undefined>;
  /** Fetches an image from its registry; false when there is none of this name. Errors: EngineTrouble. */
  pull(reference: string, signal: AbortSignal): Promise<boolean>;
}

/** Images of an engine. What one ID says never changes, so it is asked once. */
export function imageReader(connection: Connection, layers: SavedLayers): ImageReader {
  const known = new Map<string, Promise<Image>>();
  return {
    async find(reference) {
      const found = await inspect(connection, reference);
      if (!found) return undefined;
      const image = known.get(found.Id) ?? read(connection, found, layers);
      known.set(found.Id, image);
      image.catch(() => known.delete(found.Id));
      return image;
    },
    pull: (reference, signal) => pull(connection, reference, signal),
  };
}

async function inspect({ docker }: Connection, reference: string): Promise<Inspected | undefined> {
  try {
    return inspectSchema.parse(await docker.getImage(encodeName(reference)).inspect());
  } catch (error) {
    if (apiError(error).status === 404) return undefined;
    // A name that cannot be one, which no image has.
    if (apiError(error).status === 400) return undefined;
    throw troubleFrom(error);
  }
}

/** A name is a path in the API's URLs, and stays one; what else may be in one has no meaning there. */
function encodeName(reference: string): string {
  return reference.replaceAll(/[^\w./:@-]/g, (letter) => encodeURIComponent(letter));
}

async function read({ docker }: Connection, found: Inspected, saved: SavedLayers): Promise<Image> {
  const rows: unknown = await docker
    .getImage(found.Id)
    .history()
    .catch((error: unknown) => {
      throw troubleFrom(error);
    });
  const history = historySchema.parse(rows);
  const config = imageConfig(found, history);
  const diffIds = config.rootfs.diff_ids;
  let tree: Promise<FileTree> | undefined;
  const layers = (): ReturnType<SavedLayers['of']> => saved.of(found.Id, diffIds);
  return {
    id: found.Id.includes(':') ? found.Id : `sha256:${found.Id}`,
    config,
    // containerd's store tells the size of what was pulled; the history has what is unpacked everywhere.
    size: () => Promise.resolve(history.reduce((sum, { Size }) => sum + Size, 0) || found.Size),
    layers,
    async files() {
      tree ??= layers().then((all) =>
        all.reduce<FileTree>((below, { entries }) => below.apply(entries), emptyTree),
      );
      // What failed once, for want of space, may go well later.
      return tree.catch((error: unknown) => {
        tree = undefined;
        throw error;
      });
    },
  };
}

const lineSchema = z.object({
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string() }).optional(),
});

async function pull(
  connection: Connection,
  reference: string,
  signal: AbortSignal,
): Promise<boolean> {
  const query = pullQuery(reference);
  if (!query) return false;
  try {
    const answer = await postStream(connection, '/images/create', { query, signal });
    for await (const line of jsonLines(answer)) {
      const { error, errorDetail } = lineSchema.parse(line);
      const message = errorDetail?.message ?? error;
      if (message === undefined) continue;
      if (isMissing(message)) return false;
      throw asTrouble(message);
    }
    return true;
  } catch (error) {
    const { status, message } = apiError(error);
    if (status !== undefined && isMissing(message)) return false;
    throw troubleFrom(error);
  }
}

function pullQuery(reference: string): Record<string, string> | undefined {
  try {
    const parsed = parseReference(reference);
    const tag = parsed.digest ?? parsed.tag ?? 'latest';
    return { fromImage: canonicalRepository(parsed), tag };
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

/** The registry answered, and has no such image (or does not say that it has). */
function isMissing(message: string): boolean {
  if (troubleOf(message) !== undefined) return false;
  return /not found|manifest unknown|access denied|does not exist|denied|unauthorized|no such/i.test(
    message,
  );
}
