import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cli/engine-home.ts';
import { nodePlatform } from '../cli/node-platform.ts';
import type { Engine } from '../engine/engine.ts';
import { openImage } from '../engine/images/open.ts';
import { pullImage } from '../engine/images/pull.ts';
import { parseReference } from '../engine/oci/reference.ts';
import { memoryStore } from '../engine/store/memory.ts';
import { pantryHome } from '../pantry/pantry-home.ts';
import { pantrySource } from '../pantry/source.ts';
import type { Image } from '../verify/engine.ts';

const { layout } = pantryHome(cacheFolder(process.env));

/** Why there are no images of the pantry to look at; undefined when there are. */
export const NO_PANTRY = existsSync(join(layout, 'index.json'))
  ? undefined
  : 'the pantry is not built: semdistro pantry build';

let engine: Engine | undefined;

/** An image of the pantry as checks see one. */
export async function pantryImage(name: string, architecture: 'amd64' | '386'): Promise<Image> {
  const platform = nodePlatform();
  const target = { os: 'linux', architecture };
  engine ??= {
    store: memoryStore(platform),
    sources: [pantrySource(layout)],
    platform,
    defaultPlatform: target,
  };
  const { record } = await pullImage(engine, parseReference(name), target);
  const opened = await openImage(engine, record);
  return {
    id: record.id,
    config: opened.config,
    size: () => Promise.resolve(0),
    layers: () => opened.layers(),
    files: () => opened.tree(),
  };
}
