import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/errors.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import type { FileNode } from '../machine/files/node.ts';
import { type Machine, openMachine } from '../machine/machine.ts';
import { guestTree } from '../pantry/machine/guest-tree.ts';
import { type Machine as MachineParts, readMachine } from '../pantry/machine/record.ts';

export interface NodeMachineOptions {
  /** `.cache` of the repository: where the set-up left snapshot and record. */
  readonly cacheDir: string;
  /** Whose sources have the guest's programs. */
  readonly engine: () => Promise<Engine>;
  readonly workspace?: FileNode;
  readonly onTrouble?: (message: string) => void;
}

/** The machine that the set-up made, under Node. Errors: EngineError `machine-missing`. */
export async function nodeMachine(options: NodeMachineOptions): Promise<Machine> {
  const parts = await machineParts(options.cacheDir);
  const { workspace, onTrouble } = options;
  return openMachine({
    wasm: await wasm(),
    memory: parts.memory,
    snapshot: async () => new Uint8Array(await readFile(parts.snapshot)),
    tools: async (): Promise<FileTree> => guestTree(await options.engine(), parts.guest),
    ...(workspace && { workspace }),
    ...(onTrouble && { onTrouble }),
  });
}

/** What the set-up made. Errors: EngineError `machine-missing`. */
export async function machineParts(cacheDir: string): Promise<MachineParts> {
  const parts = await readMachine(cacheDir);
  if (parts) return parts;
  throw new EngineError('machine-missing', 'the machine that runs processes was not made yet', {
    hint: 'Make it with `npm start`, or `semdistro machine`; it takes about half a minute.',
    exitCode: 125,
  });
}

async function wasm(): Promise<Uint8Array> {
  return readFile(createRequire(import.meta.url).resolve('v86/build/v86.wasm'));
}
