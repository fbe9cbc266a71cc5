import { cacheFolder, pantryFolder } from '../cli/engine-home.ts';
import { nodeMachine } from '../cli/machine.ts';
import { nodePlatform } from '../cli/node-platform.ts';
import { workspaceFolder } from '../cli/workspace/folder.ts';
import type { Engine } from '../engine/engine.ts';
import { memoryStore } from '../engine/store/memory.ts';
import type { Machine } from '../machine/machine.ts';
import { GUEST_IMAGE } from '../pantry/machine/build-machine.ts';
import { readMachine } from '../pantry/machine/record.ts';
import { pantrySource } from '../pantry/source.ts';

/** Printed beside every test that is left out without one. */
export const NO_MACHINE =
  'needs the machine that `npm start` makes (.cache/machine, .cache/pantry)';

/** The set-up made everything that the machine needs. Asked once, when a test file is loaded. */
export const hasMachine = await isMade();

async function isMade(): Promise<boolean> {
  const made =
    (await readMachine(cacheFolder(process.env))) !== undefined &&
    (await pantry().list()).some(({ reference }) => reference.endsWith(GUEST_IMAGE));
  if (!made && process.env['SEMDISTRO_TEST_MACHINE_REQUIRED']) {
    throw new Error(`SEMDISTRO_TEST_MACHINE_REQUIRED is set, and it ${NO_MACHINE}`);
  }
  return made;
}

function pantry(): ReturnType<typeof pantrySource> {
  return pantrySource(pantryFolder(process.env));
}

/** The engine of a test: a store of its own in memory, the pantry's images, no machine. */
export function pantryEngine(): Engine {
  const platform = nodePlatform();
  return {
    ...{ platform, store: memoryStore(platform), sources: [pantry()] },
    defaultPlatform: { os: 'linux', architecture: '386' },
  };
}

/**
 * A machine of one's own, for a test that breaks it or needs a workspace: it takes some 900 MB and
 * is the caller's to close. What the machine has to complain about fails the test by `onTrouble`.
 */
export function newMachine(
  options: { readonly workspace?: string; readonly onTrouble?: (message: string) => void } = {},
): Machine {
  const { workspace, onTrouble = complain } = options;
  return nodeMachine({
    ...{ cacheDir: cacheFolder(process.env), sources: pantryEngine(), onTrouble },
    ...(workspace !== undefined && { workspace: workspaceFolder(workspace) }),
  });
}

function complain(message: string): void {
  process.stderr.write(`machine: ${message}\n`);
}

let shared: Machine | undefined;

/** The one machine of this test process, with no workspace; nobody closes it. */
export function testMachine(): Machine {
  shared ??= newMachine();
  return shared;
}
