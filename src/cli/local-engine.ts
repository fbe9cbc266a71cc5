import { realpathSync } from 'node:fs';
import { stopAllContainers } from '../engine/containers/shutdown.ts';
import type { Engine } from '../engine/engine.ts';
import type { Machine } from '../machine/machine.ts';
import { cacheFolder, openEngine } from './engine-home.ts';
import { nodeMachine } from './machine.ts';
import { workspaceFolder } from './workspace/folder.ts';

/** The engine of the command line with a machine behind it, which starts with the first process. */
export interface LocalEngine {
  readonly engine: Engine;
  readonly machine: Machine;
  /** The host's folder that containers can be given, without symlinks in its path. */
  readonly folder: string;
  /** Stops what runs and saves what it made; what could not be saved is told, a line each. */
  close(): Promise<void>;
}

/** Errors: those of `openEngine`; ENOENT and the like when the folder is gone. */
export async function openLocalEngine(
  directory: string,
  tell: (line: string) => void,
): Promise<LocalEngine> {
  const folder = realpathSync(directory);
  const kept = await openEngine();
  const machine = nodeMachine({
    cacheDir: cacheFolder(process.env),
    sources: kept,
    workspace: workspaceFolder(folder),
    onTrouble: tell,
  });
  const engine: Engine = { ...kept, processHost: machine.host };
  return {
    ...{ engine, machine, folder },
    async close() {
      for (const { message } of await stopAllContainers(engine)) tell(message);
      await machine.close();
    },
  };
}
