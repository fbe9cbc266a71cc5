import { consolePort } from './console-port.ts';
import { createCrash, createKernelLog } from './crash.ts';
import { createIdle } from './idle.ts';
import { driveLoop } from './loop.ts';
import { membersOf, V86 } from './members.ts';
import type { Members } from './members.ts';
import { HARDWARE } from './options.ts';
import type { Emulator, EmulatorOptions, NinepHandler } from './port.ts';
import { createScheduler } from './scheduler.ts';
import { serialPort } from './serial-port.ts';
import { instantiate } from './wasm.ts';

/**
 * Starts an emulated PC, from a snapshot or cold. Resolves when it runs; rejects with Error when
 * v86 could not be loaded or the snapshot is of another machine.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const log = createKernelLog();
  const crash = createCrash(log);
  const failed = (what: string, error: unknown): void => {
    crash.report(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  };

  const vm = await load(
    options,
    guarded(options.ninep, (e) => {
      failed('the 9P server threw', e);
    }),
  );
  const members = membersOf(vm);
  const { core, cpu, bus, network } = members;
  if (options.start.kind === 'restore') await restore(vm, members, options);

  network.fetch = async () => new Response('There is no internet here.\n', { status: 503 });

  const queues = cpu.devices.virtio_console.virtio.queues;
  const consoles = [0, 1, 2, 3].map((number) => consolePort(bus, queues, number));
  const { uart0, uart1, uart2, uart3 } = cpu.devices;
  const serials = [uart0, uart1, uart2, uart3].map((uart, number) => serialPort(bus, uart, number));
  const ports = [...consoles, ...serials];

  const scheduler = createScheduler();
  const idle = createIdle();
  const die = (reason: string): void => {
    core.stopping = true;
    crash.report(reason);
  };
  driveLoop(members, scheduler, idle, {
    turned() {
      for (const port of ports) port.deliver();
      let given = false;
      for (const port of ports) given = port.pump() || given;
      return given;
    },
    failed(error) {
      failed('the emulator threw', error);
    },
  });
  // v86's own timers, in a worker where there are workers.
  core.unregister_yield();
  cpu.reboot_internal = () => {
    die(log.panic() ?? 'the guest asked for a restart');
  };
  bus.register(
    'cpu-event-halt',
    () => {
      die(log.panic() ?? 'the guest halted');
    },
    undefined,
  );
  bus.register(
    'serial0-output-byte',
    (byte: number) => {
      log.add(Uint8Array.of(byte));
    },
    undefined,
  );

  await vm.run();
  let destroyed: Promise<void> | undefined;
  return {
    consoles,
    serials,
    crashed: crash.crashed,
    async save() {
      if (cpu.devices.virtio_9p.tag_bufchain.size > 0) {
        throw new Error('a 9P request is unanswered; its answer would be lost with the snapshot');
      }
      return new Uint8Array(await vm.save_state());
    },
    wake() {
      idle.wake();
      if (core.idle) core.next_tick(0);
    },
    setIdleSlice(milliseconds) {
      idle.setSlice(milliseconds);
    },
    destroy() {
      crash.close();
      destroyed ??= (async () => {
        const stopped = vm.destroy();
        core.next_tick(0);
        await stopped;
        scheduler.close();
      })();
      return destroyed;
    },
  };
}

/** v86 with its devices made, not running yet. */
async function load(options: EmulatorOptions, ninep: NinepHandler): Promise<V86> {
  return new Promise((resolve, reject) => {
    const vm = new V86({
      ...HARDWARE,
      net_device: { ...HARDWARE.net_device },
      virtio_console: { ...HARDWARE.virtio_console },
      memory_size: options.memory,
      filesystem: { handle9p: ninep },
      autostart: false,
      wasm_fn: async (imports: object) => {
        try {
          return await instantiate(options.wasm, imports);
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

async function restore(vm: V86, { cpu }: Members, options: EmulatorOptions): Promise<void> {
  if (options.start.kind !== 'restore') return;
  await vm.restore_state(bufferOf(options.start.snapshot));
  if (cpu.memory_size[0] !== cpu.mem8.length) {
    throw new Error(
      `the snapshot is of a machine with ${cpu.memory_size[0] ?? 0} bytes of memory, ` +
        `not ${options.memory}`,
    );
  }
}

/** What a handler throws must not go through v86, which would be left half way. */
function guarded(handler: NinepHandler, failed: (error: unknown) => void): NinepHandler {
  return (request, reply) => {
    try {
      handler(request, reply);
    } catch (error) {
      failed(error);
    }
  };
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}
