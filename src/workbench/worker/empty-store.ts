import { forgetAll } from '../../engine/build/cache.ts';
import { listContainers } from '../../engine/containers/registry.ts';
import { removeContainer } from '../../engine/containers/remove.ts';
import { pruneImages } from '../../engine/docker/prune.ts';
import { pruneVolumes } from '../../engine/docker/volume-prune.ts';
import type { Engine } from '../../engine/engine.ts';
import { collectGarbage } from '../../engine/images/garbage.ts';

/** Containers, whatever they do, volumes, images and caches go. */
export async function emptyStore(engine: Engine): Promise<void> {
  for (const record of await listContainers(engine)) {
    await removeContainer(engine, record, { force: true, volumes: true });
  }
  await pruneVolumes(engine, [], true);
  await pruneImages(engine, [], true);
  await forgetAll(engine);
  await collectGarbage(engine);
}
