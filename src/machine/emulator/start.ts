import { consolePort, declarePlainPorts } from './console-port.ts';
import type { PumpedPort } from './console-port.ts';
import { createCrashReport, told } from './crash.ts';
import type { CrashReport } from './crash.ts';
import { createIdle } from './idle.ts';
import type { Idle } from './idle.ts';
import { createKernelLog } from './kernel-log.ts';
import { load } from './load.ts';
import { driveLoop } from './loop.ts';
import type { Members, V86 } from './members.ts';
import type { Emulator, EmulatorOptions, NinepHandler } from './port.ts';
import { createScheduler } from './scheduler.ts';
import type { Scheduler } from './scheduler.ts';
import { serialPort } from './serial-port.ts';

/** A kernel that panicked has printed all it will after so many turns of about 1 ms. */
const LAST_WORDS = 300;

/**
 * Starts an emulated PC, from a snapshot or cold. Resolves when it runs; rejects with Error when
 * v86 could not be loaded or the snapshot is of another machine.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const log = createKernelLog();
  const crash = createCrashReport(log);
  let said = '';
  const { vm, members } = await load(options, {
    ninep: guarded(options.ninep, crash.report),
    said: (message) => {
      said = `: ${message.replaceAll(/\s+/g, ' ')}`;
    },
  });
  const { core, cpu, bus } = members;
  declarePlainPorts(cpu.devices.virtio_console);
  const { consoles, serials } = portsOf(members);
  const ports = [...consoles, ...serials];
  members.network.fetch = async () => new Response('There is no internet.\n', { status: 503 });

  const scheduler = createScheduler();
  const idle = createIdle();
  const die = (reason: string): void => {
    core.stopping = true;
    crash.report(reason);
  };
  let afterPanic = 0;
  driveLoop(core, cpu, scheduler, idle, {
    turned() {
      for (const port of ports) port.deliver();
      if (log.panic() !== undefined && ++afterPanic > LAST_WORDS) die('the kernel panicked');
      for (const port of ports) port.pump();
    },
    failed(error) {
      crash.report(told('the emulator threw', error) + said);
    },
  });
  cpu.reboot_internal = () => {
    die('the guest restarted itself');
  };
  bus.register('cpu-event-halt', () => {
    die('the guest halted for good');
  });
  bus.register('serial0-output-byte', (byte: number) => {
    log.add(byte);
  });

  await vm.run();
  return handleOf({ vm, members, ports: { consoles, serials }, crash, scheduler, idle });
}

interface Running {
  readonly vm: V86;
  readonly members: Members;
  readonly ports: { readonly consoles: PumpedPort[]; readonly serials: PumpedPort[] };
  readonly crash: CrashReport;
  readonly scheduler: Scheduler;
  readonly idle: Idle;
}

/** A function of its own, so that nothing here keeps the emulator's memory once it is destroyed. */
function handleOf(parts: Running): Emulator {
  const { ports, crash, scheduler, idle } = parts;
  let running: Running | undefined = parts;
  return {
    consoles: ports.consoles,
    serials: ports.serials,
    crashed: crash.crashed,
    async save() {
      if (running === undefined) throw new Error('the emulator was destroyed');
      if (running.members.cpu.devices.virtio_9p.tag_bufchain.size > 0) {
        throw new Error('a 9P request has no answer yet; it would be lost with the snapshot');
      }
      return new Uint8Array(await running.vm.save_state());
    },
    wake() {
      idle.wake();
      if (running?.members.core.idle) running.members.core.next_tick(0);
    },
    setIdleSlice(milliseconds) {
      idle.setSlice(milliseconds);
    },
    async destroy() {
      if (running === undefined) return;
      crash.close();
      for (const port of [...ports.consoles, ...ports.serials]) port.close();
      const stopped = running.vm.destroy();
      // It stops at its next turn.
      running.members.core.next_tick(0);
      running = undefined;
      await stopped;
      scheduler.close();
    },
  };
}

function portsOf({ cpu, bus }: Members): { consoles: PumpedPort[]; serials: PumpedPort[] } {
  const { virtio_console, uart0, uart1, uart2, uart3 } = cpu.devices;
  const { queues } = virtio_console.virtio;
  return {
    consoles: [0, 1, 2, 3].map((number) => consolePort(bus, queues, number)),
    serials: [uart0, uart1, uart2, uart3].map((uart, number) => serialPort(bus, uart, number)),
  };
}

/** v86 would lose what a handler throws. */
function guarded(handler: NinepHandler, report: (reason: string) => void): NinepHandler {
  return (request, reply) => {
    try {
      handler(request, reply);
    } catch (error) {
      report(told('the 9P server threw', error));
    }
  };
}
