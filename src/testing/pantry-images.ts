import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cli/engine-home.ts';
import { nodePlatform } from '../cli/node-platform.ts';
import type { Engine } from '../engine/engine.ts';
import { openImage } from '../engine/images/open.ts';
import { pullImage } from '../engine/images/pull.ts';
import { parseReference } from '../engine/oci/reference.ts';
import { memoryStore } from '../engine/store/memory.ts';
import { buildPantry } from '../pantry/build.ts';
import { pantryHome } from '../pantry/pantry-home.ts';
import { pantrySource } from '../pantry/source.ts';
import type { Image } from '../verify/engine.ts';
import { oneAtATime } from './stand-ins.ts';

const cacheDir = cacheFolder(process.env);
const { layout } = pantryHome(cacheDir);

/** Why there are no images of the pantry to look at; undefined when there are. */
export const NO_PANTRY = existsSync(join(layout, 'index.json'))
  ? undefined
  : 'the pantry is not built: semdistro pantry build';

/** What tests ask for; the set-up makes those for linux/386 alone. */
const AMD64 = [
  ...['static', 'base', 'base-nossl', 'cc', 'python3', 'nodejs24', 'java21'].map(
    (name) => `gcr.io/distroless/${name}-debian13`,
  ),
  ...['static', 'base'].map((name) => `gcr.io/distroless/${name}-debian13:debug`),
  ...['static:latest', 'python:latest', 'python:latest-dev'].map(
    (name) => `cgr.dev/chainguard/${name}`,
  ),
  ...['busybox:1.37', 'debian:trixie-slim'],
];

// While the test file is loaded, which no time limit of a test counts: minutes, the first time, and
// other files find them then.
if (NO_PANTRY === undefined) {
  await oneAtATime('amd64', () =>
    buildPantry({
      ...{ cacheDir, platform: nodePlatform(), architectures: ['amd64'], images: AMD64 },
    }),
  );
}

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
