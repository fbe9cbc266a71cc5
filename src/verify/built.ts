import type { BuildOptions } from './check.ts';
import type { Engine, Image } from './engine.ts';
import { subfolder, withFiles, type Folder } from './folder.ts';
import { NotBuilt } from './not-built.ts';
import { dockerfileOf } from './where.ts';

export type Build = (options?: BuildOptions) => Promise<Image>;

/**
 * Builds of a folder, each once however often it is asked for. Rejects with `NotBuilt` when the
 * Dockerfile does not build, and with `EngineTrouble` when the engine could not try.
 */
export function builder(engine: Engine, folder: Folder): Build {
  const known = new Map<string, Promise<Image>>();
  return (options = {}) => {
    const key = keyOf(options);
    const build = known.get(key) ?? buildOnce(engine, folder, options);
    known.set(key, build);
    return build;
  };
}

async function buildOnce(engine: Engine, folder: Folder, options: BuildOptions): Promise<Image> {
  const { dockerfile, target, args, context = '', plant = {} } = options;
  const outcome = await engine.build({
    context: withFiles(subfolder(folder, context), plant),
    ...(dockerfile !== undefined && { dockerfile }),
    ...(target !== undefined && { target }),
    ...(args && { args }),
  });
  if (outcome.ok) return outcome.image;
  throw new NotBuilt(outcome, dockerfileOf(options), options);
}

function keyOf({ dockerfile, target, args, context, plant }: BuildOptions): string {
  const sorted = (values: Readonly<Record<string, string>> = {}): unknown =>
    Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    ...[dockerfile ?? 'Dockerfile', target ?? null, context ?? ''],
    ...[sorted(args), sorted(plant)],
  ]);
}
