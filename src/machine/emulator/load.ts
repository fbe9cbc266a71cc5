import { V86, withMessages } from './members.ts';
import { HARDWARE } from './options.ts';
import type { EmulatorOptions, NinepHandler } from './port.ts';
import { instantiate } from './wasm.ts';

/** v86 with its devices made, from a snapshot where there is one; it does not run yet. */
export async function load(
  options: EmulatorOptions,
  hooks: {
    readonly ninep: NinepHandler;
    /** What v86 says of itself, before it throws. */
    readonly said: (message: string) => void;
  },
): Promise<V86> {
  const vm = await made(options, hooks);
  // Not as an option: v86 would throw where nobody could catch it.
  if (options.start.kind === 'restore') await vm.restore_state(bufferOf(options.start.snapshot));
  return vm;
}

function made(options: EmulatorOptions, { ninep, said }: Parameters<typeof load>[1]): Promise<V86> {
  return new Promise((resolve, reject) => {
    const vm = new V86({
      ...HARDWARE,
      // v86 writes into what it is given.
      net_device: { ...HARDWARE.net_device },
      virtio_console: { ...HARDWARE.virtio_console },
      memory_size: options.memory,
      filesystem: { handle9p: ninep },
      autostart: false,
      wasm_fn: async (imports: object) => {
        try {
          return await withMessages(imports, (given) => instantiate(options.wasm, given), said);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
          // v86 has no way to hear of a failure; it must not go on.
          return new Promise<object>(() => undefined);
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
      resolve(vm);
    });
  });
}

/** v86 wants the buffer, all of it. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}
