import type { Idle } from './idle.ts';
import type { Core, Cpu } from './members.ts';
import type { Scheduler } from './scheduler.ts';

export interface LoopHooks {
  /** After every turn of the guest, outside of it. */
  turned(): void;
  /** The emulator threw; it does not run any more. */
  failed(error: unknown): void;
}

/**
 * Takes v86's loop over: where v86 would spin or wake for nothing it sleeps, and what it throws is
 * caught. To be called before the emulator runs.
 */
export function driveLoop(
  core: Core,
  cpu: Cpu,
  scheduler: Scheduler,
  idle: Idle,
  hooks: LoopHooks,
): void {
  const run = cpu.main_loop.bind(cpu);
  // How long to sleep after the turn that has just ended.
  let sleep: number | undefined;
  let turning = false;
  let interrupts = 0;
  let haltedAt = instructions(cpu);

  cpu.main_loop = () => {
    try {
      const due = run();
      // So that v86 tells when a device that the hooks gave something interrupts the guest.
      core.idle = true;
      turning = true;
      const before = interrupts;
      hooks.turned();
      sleep = 0;
      if (cpu.in_hlt[0] === 1) {
        const now = instructions(cpu);
        if (interrupts > before) idle.wake();
        else sleep = idle.sleep(due, (now - haltedAt) >>> 0);
        haltedAt = now;
      }
    } catch (error) {
      core.stopping = true;
      sleep = 0;
      hooks.failed(error);
    }
    turning = false;
    return sleep;
  };
  // Called after a turn, or because an interrupt came from outside while the guest slept.
  core.yield = (_milliseconds, tick) => {
    if (turning) {
      interrupts++;
      return;
    }
    if (sleep === undefined) idle.wake();
    scheduler.after(sleep ?? 0, () => {
      core.yield_callback(tick);
    });
    sleep = undefined;
  };
}

function instructions(cpu: Cpu): number {
  return cpu.instruction_counter[0] ?? 0;
}
