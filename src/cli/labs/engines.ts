import type { Engine as OwnEngine } from '../../engine/engine.ts';
import type { Machine } from '../../machine/machine.ts';
import { type Engine, EngineTrouble } from '../../verify/engine.ts';
import { words } from '../../verify/words.ts';
import { cacheFolder, openEngine } from '../engine-home.ts';
import { nodeMachine } from '../machine.ts';
import { workspaceFolder } from '../workspace/folder.ts';
import type { EngineWish } from './desk.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface LabEngineOptions {
  /** Where the built-in engine keeps its images, `$SEMDISTRO_HOME` when missing. */
  readonly home?: string;
  readonly env?: Environment;
  /** A line about the machine that is nobody's fault and ends nothing. */
  readonly tell?: (line: string) => void;
}

/**
 * The engine that verifies: `auto` is the Docker or Podman of whoever calls when it answers, and else
 * the one that is built in. What the caller named (DOCKER_HOST and the like) is never silently replaced.
 * Rejects with EngineTrouble. Whoever opens closes; images that were there before stay.
 */
export async function openLabEngine(
  wish: EngineWish,
  signal: AbortSignal,
  options: LabEngineOptions = {},
): Promise<Engine> {
  const engine = await openWish(wish, options);
  if (!signal.aborted) return engine;
  await engine.close();
  throw new EngineTrouble('interrupted', words('foi interrompido', 'it was interrupted'));
}

async function openWish(wish: EngineWish, options: LabEngineOptions): Promise<Engine> {
  const { env = process.env } = options;
  if (wish === 'embedded') return (await openEmbedded(options)).engine;
  if (wish !== 'auto') return openDocker(wish, env);
  try {
    return await openDocker('auto', env);
  } catch (error) {
    if (!(error instanceof EngineTrouble) || isNamed(env)) throw error;
    return (await openEmbedded(options)).engine;
  }
}

function isNamed(env: Environment): boolean {
  return ['DOCKER_HOST', 'DOCKER_CONTEXT'].some((name) => (env[name] ?? '') !== '');
}

// Neither is loaded for the other: both are large.
async function openDocker(choice: 'auto' | 'docker' | 'podman', env: Environment): Promise<Engine> {
  const { dockerEngine } = await import('../../adapters/docker/engine.ts');
  return dockerEngine({ choice, env });
}

/** The built-in engine as checks see it, and what it is made of. `engine.close` ends all of it. */
export interface EmbeddedParts {
  readonly engine: Engine;
  readonly own: OwnEngine;
  readonly machine: Machine;
}

/** As `openLabEngine`, with a folder that its machine has at /workspace. */
export async function openEmbedded(
  options: LabEngineOptions & { readonly workspace?: string },
): Promise<EmbeddedParts> {
  const { home, env = process.env, tell, workspace } = options;
  const { embeddedEngine } = await import('../../adapters/embedded/engine.ts');
  const kept = await openEngine({ env, ...(home !== undefined && { home }) });
  const machine = nodeMachine({
    ...{ cacheDir: cacheFolder(env), sources: kept },
    ...(tell && { onTrouble: tell }),
    ...(workspace !== undefined && { workspace: workspaceFolder(workspace) }),
  });
  const own: OwnEngine = { ...kept, processHost: machine.host };
  const engine = await embeddedEngine({ engine: own, machine });
  return {
    ...{ own, machine },
    engine: {
      ...engine,
      async close() {
        try {
          await engine.close();
        } finally {
          await machine.close();
        }
      },
    },
  };
}
