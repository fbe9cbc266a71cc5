import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/errors.ts';
import type { FileNode } from '../machine/files/node.ts';
import { type Machine, type MachineParts, openMachine } from '../machine/machine.ts';
import { guestTree } from '../pantry/machine/guest-tree.ts';
import {
  type Machine as RecordedMachine,
  readMachine,
  readSnapshot,
} from '../pantry/machine/record.ts';

export interface NodeMachineOptions {
  /** `.cache` of the repository: where the set-up left snapshot and record. */
  readonly cacheDir: string;
  /** Whose sources have the guest's programs. */
  readonly sources: Engine;
  readonly workspace?: FileNode;
  readonly onTrouble?: (message: string) => void;
}

/**
 * The machine that the set-up made, under Node. Nothing is read before the first process. Errors
 * then: EngineError `machine-missing`, `machine-damaged`, `machine-guest-missing`.
 */
export function nodeMachine(options: NodeMachineOptions): Machine {
  const { cacheDir, sources, workspace, onTrouble } = options;
  return openMachine({
    load: () => loadParts(cacheDir, sources),
    ...(workspace && { workspace }),
    ...(onTrouble && { onTrouble }),
  });
}

async function loadParts(cacheDir: string, engine: Engine): Promise<MachineParts> {
  const made = await machineParts(cacheDir);
  optimizeLate();
  const [wasm, snapshot, tools] = await Promise.all([
    readFile(createRequire(import.meta.url).resolve('v86/build/v86.wasm')),
    readSnapshot(made),
    guestTree(engine, made.guest),
  ]);
  return { wasm, memory: made.memory, snapshot, tools };
}

/** What the set-up made. Errors: EngineError `machine-missing`. */
export async function machineParts(cacheDir: string): Promise<RecordedMachine> {
  const made = await readMachine(cacheDir);
  if (made) return made;
  throw new EngineError('machine-missing', 'the machine that runs processes was not made yet', {
    hint: 'Make it with `npm start`, or `semdistro machine build`.',
    exitCode: 125,
  });
}

/**
 * The guest's programs are compiled to WebAssembly while they run, thousands of large functions of which few stay in
 * use. V8 optimizes each after some hundred turns, which takes longer than most of them ever run; this
 * is the largest budget it takes. Measured: a fifth to a half less processor time, and the waiting for it.
 */
function optimizeLate(): void {
  setFlagsFromString('--wasm-tiering-budget=2000000000');
}
