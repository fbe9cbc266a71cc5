import { join } from 'node:path';
import { nodePlatform } from '../../cli/node-platform.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Store } from '../../engine/store/port.ts';
import { buildPantry } from '../../pantry/build.ts';
import { pantryHome } from '../../pantry/pantry-home.ts';
import { pantrySource } from '../../pantry/source.ts';

const CACHE = join(import.meta.dirname, '../../../.cache');

/** What the cases' FROM lines name, for linux/amd64. */
export const BASES = [
  'busybox:1.37',
  'gcr.io/distroless/static-debian13:latest',
  'gcr.io/distroless/static-debian13:nonroot',
  'gcr.io/distroless/static-debian13:debug',
] as const;

/** An engine for linux/amd64 that pulls the bases from the pantry, which is built as far as it is not. */
export async function amd64Engine(
  store: Store,
  images: readonly string[] = BASES,
): Promise<Engine> {
  const platform = nodePlatform();
  await buildPantry({ cacheDir: CACHE, platform, architectures: ['amd64'], images });
  return {
    store,
    platform,
    sources: [pantrySource(pantryHome(CACHE).layout)],
    defaultPlatform: { os: 'linux', architecture: 'amd64' },
  };
}
