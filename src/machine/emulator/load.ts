import { membersOf, setPagesPerFunction, V86, withMessages } from './members.ts';
import type { Cpu, Members } from './members.ts';
import { HARDWARE } from './options.ts';
import type { EmulatorOptions, NinepHandler } from './port.ts';
import { instantiate } from './wasm.ts';
import { withoutWorker } from './without-worker.ts';

/** What is heard of v86 outside of its ports. */
export interface Hooks {
  readonly ninep: NinepHandler;
  /** What v86 says of itself, before it throws. */
  readonly said: (message: string) => void;
}

/**
 * v86 with its devices made, from a snapshot where there is one; it does not run yet. Rejects with
 * Error when v86 could not be loaded, or the snapshot is of another machine.
 */
export async function load(
  options: EmulatorOptions,
  hooks: Hooks,
): Promise<{ readonly vm: V86; readonly members: Members }> {
  const vm = await made(options, hooks);
  const members = membersOf(vm);
  // Not as an option: v86 would throw where nobody could catch it.
  if (options.start.kind === 'restore') {
    await restore(vm, members.cpu, options.start.snapshot);
  }
  return { vm, members };
}

async function restore(vm: V86, cpu: Cpu, snapshot: Uint8Array): Promise<void> {
  let failure: Error | undefined;
  try {
    await vm.restore_state(bufferOf(snapshot));
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  // It may have fitted, or not; but it is not that machine.
  if (cpu.memory_size[0] !== cpu.mem8.length) {
    const megabytes = (bytes = 0): string => `${Math.round(bytes / 2 ** 20)} MB`;
    const [theirs, ours] = [megabytes(cpu.memory_size[0]), megabytes(cpu.mem8.length)];
    throw new Error(`the snapshot is of a machine with ${theirs} of memory, not ${ours}`);
  }
  if (failure) throw failure;
}

/** Fits WebAssembly's own type, which is only there where the DOM's types are. */
type Exports = Record<string, never>;

function made(options: EmulatorOptions, { ninep, said }: Parameters<typeof load>[1]): Promise<V86> {
  return new Promise((resolve, reject) => {
    let putBack: (() => void) | undefined;
    const vm = new V86({
      ...HARDWARE,
      // v86 writes into what it is given.
      net_device: { ...HARDWARE.net_device },
      virtio_console: { ...HARDWARE.virtio_console },
      memory_size: options.memory,
      filesystem: { handle9p: ninep },
      autostart: false,
      wasm_fn: async (imports: object): Promise<Exports> => {
        try {
          const load = (given: object): Promise<object> => instantiate(options.wasm, given);
          const exports = await withMessages(imports, load, said);
          // Measured with `go build`, `pip install flask` and `node -e 0`: a third less of processor
          // time than with v86's own 3, in V8 as it is in a browser.
          setPagesPerFunction(exports, 1);
          putBack = withoutWorker();
          return exports as Exports;
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
          // v86 has no way to hear of a failure; it must not go on.
          return new Promise<Exports>(() => undefined);
        }
      },
      ...(options.start.kind === 'boot' && {
        bios: { buffer: bufferOf(options.start.bios) },
        vga_bios: { buffer: bufferOf(options.start.vgaBios) },
        bzimage: { buffer: bufferOf(options.start.kernel) },
        initrd: { buffer: bufferOf(options.start.initrd) },
        cmdline: options.start.commandLine,
      }),
    });
    vm.add_listener('emulator-loaded', () => {
      putBack?.();
      resolve(vm);
    });
  });
}

/** v86 wants the buffer, all of it. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}
