import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cacheFolder } from '../cli/engine-home.ts';
import { machineParts } from '../cli/machine.ts';
import type { Emulator, EmulatorOptions } from '../machine/emulator/port.ts';
import { startEmulator } from '../machine/emulator/start.ts';
import { openMachine } from '../machine/machine.ts';
import { guestTree } from '../pantry/machine/guest-tree.ts';
import { pantryEngine } from './machine.ts';

/** The set-up's machine together with its emulator, for tests of the emulator that need a Linux. */
export interface TestGuest {
  readonly emulator: Emulator;
  /** What a shell script writes, both streams, and its exit code. */
  sh(script: string): Promise<{ readonly code: number; readonly output: string }>;
  /** Starts a shell script; resolves once it wrote `ready`. Its end is not waited for. */
  background(script: string): Promise<void>;
  close(): Promise<void>;
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** As the set-up left it. Errors: EngineError `machine-missing`. */
export async function emulatorOptions(): Promise<Omit<EmulatorOptions, 'ninep'>> {
  const { memory, snapshot } = await machineParts(cacheFolder(process.env));
  return {
    wasm: await readFile(createRequire(import.meta.url).resolve('v86/build/v86.wasm')),
    memory,
    start: { kind: 'restore', snapshot: await readFile(snapshot) },
  };
}

/** `change` may replace what the emulator is started with. */
export async function startGuest(
  change: (options: EmulatorOptions) => EmulatorOptions = (options) => options,
): Promise<TestGuest> {
  const { memory, wasm, start } = await emulatorOptions();
  const { guest } = await machineParts(cacheFolder(process.env));
  let emulator: Emulator | undefined;
  const machine = openMachine({
    load: async () => ({
      ...{ wasm, memory, tools: await guestTree(pantryEngine(), guest) },
      snapshot: start.kind === 'restore' ? start.snapshot : new Uint8Array(0),
    }),
    emulator: async (options) => (emulator = await startEmulator(change(options))),
  });
  await machine.start();
  if (!emulator) throw new Error('the machine started without an emulator');

  const spawn = async (script: string, output: (text: string) => void) => {
    const decoder = new TextDecoder();
    const spec = { argv: ['/bin/sh', '-c', script], env: [PATH], cwd: '/' };
    return machine.shell(spec, {
      output: (_, bytes) => {
        output(decoder.decode(bytes, { stream: true }));
      },
    });
  };
  return {
    emulator,
    async sh(script) {
      let output = '';
      const { exit } = await spawn(script, (text) => (output += text));
      return { code: await exit, output };
    },
    background: async (script) =>
      new Promise((resolve, reject) => {
        let said = '';
        spawn(script, (text) => {
          said += text;
          if (said.includes('ready')) resolve();
        }).then(({ exit }) => {
          // It ends with the machine.
          exit.then(
            (code) => {
              reject(new Error(`${script} ended with ${code}: ${said}`));
            },
            () => undefined,
          );
        }, reject);
      }),
    close: () => machine.close(),
  };
}
